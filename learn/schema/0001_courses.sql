-- +goose Up
create table learn_topic (
	id         text    primary key,
	unit_id    text    not null,
	title      text    not null,
	title_en   text    not null default '',
	summary    text    not null default '',
	folded     text    not null,
	minutes    bigint  not null default 0,
	source_key text    unique,               -- key in shipped or imported material
	retired    boolean not null default false,
	edition    bigint  not null default 0,
	made_at    bigint  not null
);
create table learn_outcome (
	id         text   primary key,
	topic_id   text   not null references learn_topic (id),
	no         bigint not null,
	text       text   not null,
	source_key text
);
create index learn_outcome_topic on learn_outcome (topic_id, no);
create table learn_course (
	id          text    primary key,
	unit_id     text    not null,            -- who runs it
	topic_id    text    not null default '',
	base_id     text    not null default '', -- the course that this one is a unit's variant of
	title       text    not null,
	folded      text    not null,
	summary     text    not null default '',
	state       text    not null default 'draft' check (state in ('draft', 'published', 'closed')),
	open        boolean not null default false, -- citizens and firms sign themselves up
	starts_on   text,
	ends_on     text,
	days        bigint  not null default 0,  -- from enrolment until it is due; 0 = ends_on
	minutes     bigint  not null default 0,
	needs       text    not null default '', -- identifiers of courses to be completed before, by comma
	rule        text    not null default '{}',
	auto_issue  boolean not null default false, -- certificates issue themselves
	source_key  text    unique,
	surveyed_at bigint,                      -- questionnaires were sent
	outline     bigint  not null default 0,  -- counts changes of lessons
	edition     bigint  not null default 0,
	made_at     bigint  not null
);
create index learn_course_unit on learn_course (unit_id, made_at);
create index learn_course_base on learn_course (base_id, unit_id);
create index learn_course_open on learn_course (state, open);
create table learn_lesson (
	id         text    primary key,
	course_id  text    not null references learn_course (id),
	slot       bigint  not null,             -- place in learn_enrolment.marks; never used again
	no         bigint  not null,             -- place in the course, 1 the first
	kind       text    not null check (kind in ('text', 'video', 'pdf', 'link', 'quiz', 'task')),
	title      text    not null,
	minutes    bigint  not null default 0,
	required   boolean not null default true,
	source     text    not null default '', -- Markdown
	html       text    not null default '', -- of source, rendered when it was saved
	file_ref   text    not null default '',
	file_name  text    not null default '',
	file_type  text    not null default '',
	file_size  bigint  not null default 0,
	captions   text    not null default '', -- WebVTT
	url        text    not null default '',
	test_id    text    not null default '',
	evidence   text    not null default '', -- of a task: what is handed in, a line each
	confirm    text    not null default '', -- of a task: what the superior confirms, a line each
	outcomes   text    not null default '',
	retired    boolean not null default false,
	edition    bigint  not null default 0,
	made_at    bigint  not null,
	unique (course_id, slot)
);
create index learn_lesson_test on learn_lesson (test_id) where test_id <> '';
create table learn_picture (
	course_id text   not null references learn_course (id),
	name      text   not null,               -- as lessons name it: img/ba-muc.svg
	file_ref  text   not null,
	kind      text   not null,
	size      bigint not null,
	primary key (course_id, name)
);
create table learn_enrolment (
	id           text    primary key,
	course_id    text    not null references learn_course (id),
	person_id    text    not null,
	unit_id      text    not null,           -- of the person when enrolled
	category     text    not null,
	means        text    not null check (means in ('self', 'unit', 'class', 'import')),
	state        text    not null default 'active' check (state in ('active', 'completed', 'withdrawn')),
	enrolled_at  bigint  not null,
	due_on       text,
	marks        text    not null default '', -- a letter for each slot: . none, s started, d done, w waits, r to be done again
	done         bigint  not null default 0, -- required lessons done
	score        bigint  not null default -1, -- hundredths of a percent over the tests; -1 = none
	passed       boolean not null default false,
	completed_on text,
	seen_at      bigint,
	changed_at   bigint  not null,
	edition      bigint  not null default 0,
	unique (course_id, person_id)
);
create index learn_enrolment_person on learn_enrolment (person_id, state);
create index learn_enrolment_unit on learn_enrolment (unit_id, course_id);
create index learn_enrolment_changed on learn_enrolment (changed_at);
create table learn_progress (
	enrolment_id text   not null,
	slot         bigint not null,
	state        text   not null check (state in ('s', 'd', 'w', 'r')),
	at           bigint not null,
	second       bigint not null default 0,  -- of a video, where one stopped
	score        bigint not null default 0,  -- of a test, thousandths of a point
	points       bigint not null default 0,
	primary key (enrolment_id, slot)
);
create table learn_task (
	id           text   primary key,
	enrolment_id text   not null references learn_enrolment (id),
	lesson_id    text   not null,
	slot         bigint not null,
	person_id    text   not null,
	unit_id      text   not null,            -- whose head confirms
	no           bigint not null,            -- 1 = handed in for the first time
	account      text   not null,            -- what was done, in the learner's words
	state        text   not null default 'submitted' check (state in ('submitted', 'confirmed', 'rejected')),
	submitted_at bigint not null,
	decided_at   bigint,
	decided_by   text   not null default '',
	remark       text   not null default '',
	edition      bigint not null default 0,
	unique (enrolment_id, lesson_id, no)
);
create index learn_task_waiting on learn_task (unit_id) where state = 'submitted';
create table learn_evidence (
	id       text   primary key,
	task_id  text   not null references learn_task (id),
	file_ref text   not null,
	name     text   not null,
	kind     text   not null,
	size     bigint not null
);
create index learn_evidence_task on learn_evidence (task_id);
create table learn_programme (
	id      text   primary key,
	unit_id text   not null,
	title   text   not null,
	needs   text   not null,                 -- identifiers of courses, by comma
	least   bigint not null default 0,       -- how many of them; 0 = all
	edition bigint not null default 0,
	made_at bigint not null
);
create index learn_programme_unit on learn_programme (unit_id);
