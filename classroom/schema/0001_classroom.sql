-- +goose Up

create table classroom_programme (
	id      text   primary key,
	unit_id text   not null,
	name    text   not null,
	basis   text   not null, -- legal basis, as the paper names it
	from_on text   not null,
	to_on   text,
	made_at bigint not null,
	edition bigint not null
);

-- A plan carries a programme out in a span of time: topics, quotas, costs, classes.
create table classroom_plan (
	id           text   primary key,
	programme_id text   not null references classroom_programme (id),
	unit_id      text   not null,
	name         text   not null,
	folded       text   not null,
	number       text   not null, -- of the decision that issued it
	signed_on    text,
	basis        text   not null,
	from_on      text   not null,
	to_on        text   not null, -- the last day
	state        text   not null check (state in ('draft', 'issued', 'closed')),
	made_at      bigint not null,
	changed_at   bigint not null,
	edition      bigint not null,
	check (to_on >= from_on)
);
create index classroom_plan_unit on classroom_plan (unit_id, from_on);

create table classroom_topic (
	id           text   primary key,
	plan_id      text   not null references classroom_plan (id),
	sort         bigint not null,
	name         text   not null,
	learn_topic  text   not null, -- identifier in the learning room, or ''
	learn_course text   not null,
	from_on      text,
	to_on        text,
	periods      bigint not null, -- tiết
	edition      bigint not null
);
create index classroom_topic_plan on classroom_topic (plan_id, sort);

-- So many people of a unit shall be trained; '' in topic_id or category is "all
-- together". The units below a unit share its number out.
create table classroom_quota (
	plan_id    text   not null references classroom_plan (id),
	unit_id    text   not null,
	topic_id   text   not null,
	category   text   not null,
	seats      bigint not null check (seats >= 0),
	changed_at bigint not null,
	primary key (plan_id, unit_id, topic_id, category)
);
create index classroom_quota_changed on classroom_quota (changed_at);

create table classroom_cost (
	id         text   primary key,
	plan_id    text   not null references classroom_plan (id),
	class_id   text   not null, -- '' = of the whole plan
	source     text   not null check (source in ('public_investment', 'recurrent', 'other')),
	item       text   not null,
	planned    bigint not null check (planned >= 0), -- đồng
	actual     bigint not null check (actual >= 0),
	paid_on    text,
	made_at    bigint not null,
	changed_at bigint not null,
	edition    bigint not null
);
create index classroom_cost_plan on classroom_cost (plan_id);
create index classroom_cost_changed on classroom_cost (changed_at);

create table classroom_room (
	id       text   primary key,
	unit_id  text   not null,
	name     text   not null,
	address  text   not null,
	capacity bigint not null check (capacity > 0),
	edition  bigint not null
);
create index classroom_room_unit on classroom_room (unit_id);

create table classroom_class (
	id          text   primary key,
	plan_id     text   not null references classroom_plan (id),
	topic_id    text   not null, -- '' = all topics of the plan
	unit_id     text   not null, -- that organises it
	code        text   not null,
	name        text   not null,
	folded      text   not null,
	decision    text   not null, -- number of the decision to open it
	decided_on  text,
	from_on     text   not null,
	to_on       text   not null, -- the last day
	planned     bigint not null, -- sĩ số dự kiến
	capacity    bigint not null check (capacity > 0),
	nominate_by text   not null, -- the last day for nominations
	manager_id  text,
	rule        text   not null, -- who may be nominated, JSON
	state       text   not null check (state in ('draft', 'open', 'closed', 'cancelled')),
	seats_n     bigint not null, -- grows with every change of the roster: who changes it locks this row
	made_at     bigint not null,
	changed_at  bigint not null,
	edition     bigint not null,
	check (to_on >= from_on)
);
create index classroom_class_plan on classroom_class (plan_id);
create index classroom_class_unit on classroom_class (unit_id, from_on);
create index classroom_class_manager on classroom_class (manager_id);

-- A decision by which a unit sends people to a class (quyết định cử đi học).
create table classroom_nomination (
	id       text   primary key,
	class_id text   not null references classroom_class (id),
	unit_id  text   not null,
	number   text   not null,
	on_date  text,
	by_id    text,
	made_at  bigint not null
);
create index classroom_nomination_class on classroom_nomination (class_id, unit_id);

-- A line of the roster. unit_id and category are the person's when he was
-- nominated; unit_id follows the unit while the class is open.
create table classroom_seat (
	id            text   primary key,
	class_id      text   not null references classroom_class (id),
	person_id     text   not null,
	unit_id       text   not null,
	category      text   not null,
	nomination_id text   not null references classroom_nomination (id),
	state         text   not null check (state in ('registered', 'waiting', 'declined', 'withdrawn', 'refused')),
	rank          bigint not null, -- order of coming, for the waiting list
	why           text   not null,
	made_at       bigint not null,
	changed_at    bigint not null,
	edition       bigint not null,
	unique (class_id, person_id)
);
create index classroom_seat_person on classroom_seat (person_id, state);
create index classroom_seat_unit on classroom_seat (unit_id, class_id);
create index classroom_seat_changed on classroom_seat (changed_at);

create table classroom_session (
	id         text    primary key,
	class_id   text    not null references classroom_class (id),
	topic_id   text    not null,
	title      text    not null,
	starts_at  bigint  not null,
	ends_at    bigint  not null,
	mode       text    not null check (mode in ('in_person', 'online', 'hybrid')),
	room_id    text    not null, -- '' = none
	link       text    not null,
	provider   text    not null, -- who organises the teaching
	author     text    not null, -- who wrote what is taught
	state      text    not null check (state in ('planned', 'cancelled')),
	why        text    not null, -- it was cancelled
	series     text    not null, -- sessions made together
	secret     text    not null, -- signs the code on the screen
	room_code  text    not null, -- written up in the room; '' = not asked for
	paper_code text    not null unique, -- printed on the sheet
	roll_n     bigint  not null, -- grows with every mark: who marks locks this row
	rolled_at  bigint, -- the roll was called
	made_at    bigint  not null,
	changed_at bigint  not null,
	edition    bigint  not null,
	check (ends_at > starts_at)
);
create index classroom_session_class on classroom_session (class_id, starts_at);
create index classroom_session_time on classroom_session (starts_at);
create index classroom_session_room on classroom_session (room_id, starts_at);

create table classroom_lecturer (
	session_id text not null references classroom_session (id),
	person_id  text not null,
	role       text not null check (role in ('lecturer', 'assistant')),
	primary key (session_id, person_id)
);
create index classroom_lecturer_person on classroom_lecturer (person_id);

-- What somebody saw of one person's presence. Marks are only ever added.
create table classroom_mark (
	id          text   not null, -- made by the device
	session_id  text   not null references classroom_session (id),
	person_id   text   not null,
	state       text   not null check (state in ('present', 'late', 'left_early', 'substitute', 'excused', 'unexcused')),
	reason      text   not null,
	substitute  text   not null, -- who came instead, by name
	substitute_id text,          -- and who that is, where known
	at          bigint not null, -- by the device's clock
	device      text   not null,
	bases       text   not null, -- marks that its maker had seen, and that it replaces
	source      text   not null check (source in ('page', 'device', 'scan', 'paper', 'decision', 'import')),
	by_id       text,
	received_at bigint not null,
	primary key (session_id, id)
);

-- What the marks of a person in a session come to.
create table classroom_attendance (
	session_id    text    not null references classroom_session (id),
	person_id     text    not null,
	unit_id       text    not null,
	category      text    not null,
	state         text    not null,
	reason        text    not null,
	substitute    text    not null,
	substitute_id text,
	heads         text    not null, -- marks that none has replaced
	conflict      boolean not null, -- and they do not agree
	changed_at    bigint  not null,
	primary key (session_id, person_id)
);
create index classroom_attendance_person on classroom_attendance (person_id);
create index classroom_attendance_changed on classroom_attendance (changed_at);

-- Secret of a person's calendar feed, hashed.
create table classroom_feed (
	person_id text   primary key,
	hash      text   not null unique,
	made_at   bigint not null
);

-- Reminders that were sent, so that each goes out once.
create table classroom_reminder (
	key text   primary key,
	at  bigint not null
);
