-- +goose Up

-- A person. The personal number is kept as a keyed hash, to find him by, and as a
-- mask, to show; the number itself is nowhere. A telephone number identifies
-- nobody.
create table org_person (
	id          text   primary key,
	name        text   not null,
	name_key    text   not null, -- sorts by given name
	folded      text   not null,
	birth_on    text,
	sex         text   not null default '' check (sex in ('', 'male', 'female')),
	email       text   not null default '',
	phone       text   not null default '',
	number_hash text   unique,
	number_mask text   not null default '',
	made_at     bigint not null,
	edition     bigint not null default 0
);
create index org_person_name on org_person (folded, birth_on);
create index org_person_key on org_person (name_key, id);

-- What a person is in a unit from from_on to the day before to_on; of posts held
-- at once one is the main one, the others are concurrent duties (kiêm nhiệm).
create table org_post (
	id         text    primary key,
	person_id  text    not null references org_person (id),
	unit_id    text    not null references org_unit (id),
	title      text    not null,
	category   text    not null check (category in ('cadre', 'civil_servant', 'public_employee', 'worker',
		'part_time_worker', 'team_member', 'citizen', 'firm')),
	head       boolean not null default false, -- head of the unit
	party_head boolean not null default false, -- head of its Party committee
	main       boolean not null,
	from_on    text    not null,
	to_on      text,
	why        text    not null default '', -- the decision
	check (to_on is null or to_on > from_on)
);
create index org_post_person on org_post (person_id, from_on);
create index org_post_unit on org_post (unit_id, to_on, from_on);
