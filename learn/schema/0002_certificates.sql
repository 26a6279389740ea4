-- +goose Up
create table learn_template (
	unit_id     text    primary key,
	parent_body text    not null default '',
	body        text    not null,
	title       text    not null default '',
	place       text    not null default '',
	signs       text    not null default '', -- powers and post, a line each
	signer      text    not null default '',
	months      bigint  not null default 0,  -- of validity; 0 = without end
	accent      text    not null default '', -- RRGGBB
	edition     bigint  not null default 0
);
create table learn_register (
	unit_id text   not null,
	year    bigint not null,
	last    bigint not null,                 -- number given last
	primary key (unit_id, year)
);
create table learn_certificate (
	id           text   primary key,
	serial       text   not null unique,
	unit_id      text   not null,            -- who issued it, and whose register book holds it
	year         bigint not null,
	number       bigint not null,            -- in the register book of the year
	course_id    text   not null,
	enrolment_id text   not null,
	person_id    text   not null,
	person_unit  text   not null,
	category     text   not null,
	topic_id     text   not null,
	name         text   not null,            -- as printed
	birth_on     text,
	unit_name    text   not null,
	title        text   not null,            -- of the course, as printed
	minutes      bigint not null,
	grade        text   not null default '',
	completed_on text   not null,
	issued_on    text   not null,
	valid_to     text,                       -- first day on which it holds no more
	revoked_at   bigint,
	reason       text   not null default '',
	replaces     text   not null default '', -- serial of the one that this one replaces
	replaced_by  text   not null default '',
	changed_at   bigint not null,
	edition      bigint not null default 0,
	unique (unit_id, year, number)
);
create unique index learn_certificate_current on learn_certificate (enrolment_id) where revoked_at is null and replaced_by = '';
create index learn_certificate_person on learn_certificate (person_id);
create index learn_certificate_changed on learn_certificate (changed_at);
create index learn_certificate_course on learn_certificate (course_id);
create table learn_bundle (
	id        text   primary key,
	unit_id   text   not null,
	course_id text   not null,
	state     text   not null default 'waiting' check (state in ('waiting', 'working', 'done', 'failed')),
	done      bigint not null default 0,
	total     bigint not null default 0,
	file_ref  text   not null default '',
	size      bigint not null default 0,
	made_by   text   not null,
	made_at   bigint not null
);
