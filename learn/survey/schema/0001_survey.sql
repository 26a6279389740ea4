-- +goose Up

-- A questionnaire as it read in one version. unit_id '' is the house's own, made
-- from what is shipped; a unit may have its own, which holds for all below it.
create table learn_survey_form (
	id      text   primary key,
	unit_id text   not null,
	key     text   not null,
	version bigint not null,
	object  text   not null check (object in ('programme', 'trainee', 'lecturer', 'facilities', 'course', 'post_training_effect')),
	body    text   not null, -- JSON
	made_on text   not null,
	edition bigint not null default 0,
	unique (unit_id, key, version)
);

-- A run (đợt khảo sát): one questionnaire put to the people of one course.
create table learn_survey_run (
	id           text    primary key,
	form_id      text    not null references learn_survey_form (id),
	key          text    not null,
	object       text    not null,
	course_id    text    not null, -- '' none
	course       text    not null,
	programme_id text    not null,
	programme    text    not null,
	unit_id      text    not null references org_unit (id), -- that holds the course
	slice_by     text    not null check (slice_by in ('', 'respondent', 'category', 'unit')),
	opens_on     text    not null,
	closes_on    text    not null, -- the last day
	told         boolean not null default false,
	reminded     boolean not null default false,
	sealed       boolean not null default false, -- closed for good: who was asked is forgotten
	headless     bigint  not null default 0,     -- employing agencies without a head on record
	invited      bigint  not null,
	answered     bigint  not null default 0,
	edition      bigint  not null default 0,
	check (closes_on >= opens_on)
);
create unique index learn_survey_run_once on learn_survey_run (course_id, key) where course_id <> '';
create index learn_survey_run_unit on learn_survey_run (unit_id, closes_on);
create index learn_survey_run_open on learn_survey_run (closes_on) where not sealed;
create index learn_survey_run_programme on learn_survey_run (programme_id);

-- Who is asked. It says nothing of who has answered.
create table learn_survey_invite (
	run_id     text not null references learn_survey_run (id),
	person_id  text not null references org_person (id),
	respondent text not null check (respondent in ('trainee', 'lecturer', 'employing_agency')),
	primary key (run_id, person_id, respondent)
);
create index learn_survey_invite_person on learn_survey_invite (person_id);

-- Which tokens are spent. A token is made from run and person with a key that is
-- not in the database, so that nobody can tell here whose it is. Rows are written
-- in the order of the hash.
create table learn_survey_token (
	hash   text    primary key,
	run_id text    not null references learn_survey_run (id),
	slice  text    not null, -- a group of five people or more who were asked
	used   boolean not null default false
);
create index learn_survey_token_run on learn_survey_token (run_id);

-- Answers and remarks hold nobody and no time, and neither knows the other. The
-- random id is, on SQLite, the very place of the row; elsewhere rows are written
-- anew with others at each answer, so that no order is left to read.
create table learn_survey_reply (
	id     integer primary key,
	run_id text    not null references learn_survey_run (id),
	slice  text    not null,
	scores text    not null -- "54355": a digit for each item
);
create index learn_survey_reply_run on learn_survey_reply (run_id);

create table learn_survey_remark (
	id     integer primary key,
	run_id text    not null references learn_survey_run (id),
	body   text    not null
);
create index learn_survey_remark_run on learn_survey_remark (run_id);

-- Courses that ended and whose runs are still to be opened, with the people that
-- will be asked. They are forgotten once the last run is open.
create table learn_survey_course (
	id           text primary key,
	course       text not null,
	programme_id text not null,
	programme    text not null,
	unit_id      text not null references org_unit (id),
	ended_on     text not null
);

create table learn_survey_due (
	course_id text not null references learn_survey_course (id),
	key       text not null,
	due_on    text not null,
	primary key (course_id, key)
);
create index learn_survey_due_on on learn_survey_due (due_on);

create table learn_survey_member (
	course_id  text not null references learn_survey_course (id),
	person_id  text not null references org_person (id),
	respondent text not null,
	unit_id    text not null,
	category   text not null,
	primary key (course_id, person_id, respondent)
);
