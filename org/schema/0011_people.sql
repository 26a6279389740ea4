-- +goose Up

-- A record that turned out to be of a person who had one already: the other stands
-- for both, and this one is left so that old links and numbers still lead to him.
alter table org_person add column merged_into text references org_person (id);
create index org_person_merged on org_person (merged_into) where merged_into is not null;

-- A figure that law or a province may set otherwise, from the day from_on.
create table org_rule (
	key     text   not null,
	from_on text   not null,
	value   bigint not null,
	basis   text   not null,
	made_at bigint not null,
	primary key (key, from_on)
);

-- The working calendar. While stamp is '' the table is that of the program
-- (org/calendar/seed.txt) and org_holiday is empty; the first edit copies it in.
create table org_calendar (
	id    bigint primary key check (id = 1),
	stamp text   not null
);
insert into org_calendar (id, stamp) values (1, '');

create table org_holiday (
	id      text   primary key,
	date_on text   not null,
	kind    text   not null check (kind in ('holiday', 'in_lieu', 'swapped_off', 'swapped_workday')),
	name    text   not null,
	basis   text   not null,
	status  text   not null check (status in ('law', 'decided', 'assumed', 'candidate')),
	made_at bigint not null,
	edition bigint not null
);
create index org_holiday_date on org_holiday (date_on);

-- Who provides lecturers and courses (đơn vị cung cấp). unit_id keeps the record.
create table org_provider (
	id          text   primary key,
	unit_id     text   not null references org_unit (id),
	code        text   not null,
	name        text   not null,
	folded      text   not null,
	contact     text   not null,
	phone       text   not null,
	email       text   not null,
	contract    text   not null, -- number of the contract
	contract_on text,
	contract_to text,            -- first day on which it holds no more
	made_at     bigint not null,
	edition     bigint not null
);
create unique index org_provider_code on org_provider (unit_id, code) where code <> '';

-- What makes someone fit to teach: rank or degree, and practice. unit_id keeps the
-- record and answers for it; practice_years were so many on stated_on.
create table org_lecturer (
	person_id      text   primary key references org_person (id),
	unit_id        text   not null references org_unit (id),
	academic_rank  text   not null check (academic_rank in ('', 'professor', 'associate_professor')),
	degree         text   not null check (degree in ('', 'bachelor', 'master', 'doctor')),
	field          text   not null,
	practice       text   not null,
	practice_years bigint not null check (practice_years >= 0),
	stated_on      text   not null,
	provider_id    text   references org_provider (id),
	from_on        text   not null,
	to_on          text,
	made_at        bigint not null,
	edition        bigint not null,
	check (to_on is null or to_on > from_on)
);
create index org_lecturer_unit on org_lecturer (unit_id);

-- A community digital technology team, by the commune's decision.
create table org_team (
	id            text   primary key,
	name          text   not null,
	folded        text   not null,
	decision      text   not null, -- number
	decision_on   text,
	decision_file text   not null, -- of the file store; '' none
	decision_name text   not null, -- what that file is called
	from_on       text   not null,
	to_on         text,
	made_at       bigint not null,
	edition       bigint not null,
	check (to_on is null or to_on > from_on)
);

-- Where a team is at home, from a day to the day before another: the village, or
-- the commune. It follows its unit.
create table org_team_place (
	team_id text not null references org_team (id),
	unit_id text not null references org_unit (id),
	from_on text not null,
	to_on   text,
	why     text not null,
	primary key (team_id, from_on)
);
create index org_team_place_unit on org_team_place (unit_id);

create table org_team_member (
	id        text primary key,
	team_id   text not null references org_team (id),
	person_id text not null references org_person (id),
	role      text not null check (role in ('leader', 'deputy', 'member')),
	from_on   text not null,
	to_on     text,
	why       text not null,
	check (to_on is null or to_on > from_on)
);
create index org_team_member_team on org_team_member (team_id, from_on);
create index org_team_member_person on org_team_member (person_id);

-- What a team did on a day, and who was there: what payment lists are made of.
create table org_team_activity (
	id      text   primary key,
	team_id text   not null references org_team (id),
	on_date text   not null,
	minutes bigint not null check (minutes > 0),
	what    text   not null,
	place   text   not null,
	actor   text   not null, -- who entered it
	made_at bigint not null,
	edition bigint not null
);
create index org_team_activity_team on org_team_activity (team_id, on_date);

create table org_team_presence (
	activity_id text not null references org_team_activity (id),
	person_id   text not null references org_person (id),
	primary key (activity_id, person_id)
);
create index org_team_presence_person on org_team_presence (person_id);

alter table org_post add column edition bigint not null default 0;
