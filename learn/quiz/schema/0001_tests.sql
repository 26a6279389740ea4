-- +goose Up
create table learn_quiz_question (
	id         text    primary key,
	unit_id    text    not null,
	topic_id   text    not null default '',
	outcome_id text    not null default '',
	level      text    not null default 'understand' check (level in ('remember', 'understand', 'apply')),
	kind       text    not null check (kind in ('single', 'multiple', 'true_false', 'matching', 'ordering', 'numeric', 'short_text', 'essay')),
	version    bigint  not null,             -- the one that new papers take
	stem       text    not null,             -- of that version, for lists
	folded     text    not null,             -- stem, folded for search
	source_key text    unique,               -- key in shipped or imported material
	retired    boolean not null default false,
	edition    bigint  not null default 0,
	made_at    bigint  not null
);
create index learn_quiz_question_topic on learn_quiz_question (topic_id, level);
create index learn_quiz_question_unit on learn_quiz_question (unit_id);
create table learn_quiz_version (
	question_id text   not null references learn_quiz_question (id),
	version     bigint not null,
	body        text   not null,             -- the question as JSON; never changes
	made_at     bigint not null,
	made_by     text   not null default '',
	primary key (question_id, version)
);
create table learn_quiz_test (
	id                text    primary key,
	unit_id           text    not null,
	course_id         text    not null default '',
	title             text    not null,
	intro             text    not null default '',
	minutes           bigint  not null default 0, -- 0 = no limit
	attempts          bigint  not null default 0, -- 0 = no limit
	opens_at          bigint,
	closes_at         bigint,
	grace_s           bigint  not null default 60,
	pass_percent      bigint  not null default 50 check (pass_percent between 0 and 100),
	shuffle_questions boolean not null default true,
	shuffle_options   boolean not null default true,
	review            text    not null default 'full' check (review in ('full', 'closed', 'score', 'never')),
	late              text    not null default 'count' check (late in ('count', 'void')),
	counts            text    not null default 'best' check (counts in ('best', 'last', 'first')),
	picks             text    not null default '[]',
	paper_id          text    not null default '', -- what new attempts are asked; '' = not published
	edition           bigint  not null default 0,
	made_at           bigint  not null
);
create index learn_quiz_test_unit on learn_quiz_test (unit_id, made_at);
create index learn_quiz_test_course on learn_quiz_test (course_id);
create table learn_quiz_paper (
	id      text   primary key,
	test_id text   not null references learn_quiz_test (id),
	number  bigint not null,
	body    text   not null,                 -- questions and pools as JSON; never changes
	made_at bigint not null,
	unique (test_id, number)
);
create table learn_quiz_attempt (
	id           text    primary key,
	test_id      text    not null,
	paper_id     text    not null,
	person_id    text    not null,
	unit_id      text    not null,           -- of the person when the attempt was opened
	category     text    not null,
	number       bigint  not null,           -- 1 is the person's first
	seed         bigint  not null,
	drawn        text    not null,           -- places in the paper of the questions asked, "3,0,12"
	opened_at    bigint  not null,
	due_at       bigint  not null,           -- a moment of the year 9999 without a limit
	ends_at      bigint  not null,           -- due_at and the grace: no answer is taken later
	log          text    not null default '', -- every saved answer, the last of a question stands
	saved_at     bigint,
	submitted_at bigint,
	ended_by     text    not null default '' check (ended_by in ('', 'person', 'time')),
	state        text    not null default 'open' check (state in ('open', 'marking', 'graded')),
	marks        text    not null default '', -- thousandths of a point, one for each question; '-' = to be marked by hand
	remarks      text    not null default '', -- of who marked by hand, JSON by question
	score        bigint  not null default 0, -- thousandths of a point
	points       bigint  not null default 0, -- thousandths of a point to be had
	passed       boolean not null default false,
	graded_at    bigint,
	graded_by    text    not null default '',
	edition      bigint  not null default 0,
	unique (test_id, person_id, number)
);
create index learn_quiz_attempt_open on learn_quiz_attempt (ends_at) where submitted_at is null;
create index learn_quiz_attempt_marking on learn_quiz_attempt (test_id, submitted_at) where state = 'marking';
create index learn_quiz_attempt_person on learn_quiz_attempt (person_id);
create table learn_quiz_extension (
	test_id   text   not null references learn_quiz_test (id),
	person_id text   not null,
	minutes   bigint not null default 0,     -- more time in each attempt
	attempts  bigint not null default 0,     -- more attempts
	reason    text   not null,
	made_at   bigint not null,
	primary key (test_id, person_id)
);
