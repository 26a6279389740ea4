-- +goose Up
create table learn_survey (
	id          text   primary key,
	course_id   text   not null references learn_course (id),
	unit_id     text   not null,
	survey_key  text   not null,             -- of the questionnaire in package content
	object      text   not null,             -- one of the six of Circular 10/2017/TT-BNV
	sent_on     text   not null,
	closes_on   text   not null,
	asked       bigint not null default 0,
	unique (course_id, survey_key)
);
-- Who was asked and whether he has answered; not when, and not what.
create table learn_survey_asked (
	survey_id  text    not null references learn_survey (id),
	person_id  text    not null,
	respondent text    not null,             -- trainee, lecturer, employing_agency
	answered   boolean not null default false,
	primary key (survey_id, person_id, respondent)
);
create index learn_survey_asked_person on learn_survey_asked (person_id, answered);
-- What was answered; not by whom. The name is drawn at random, and the day is the
-- Monday of the week, so that neither joins an answer to learn_survey_asked.
create table learn_survey_answer (
	id         text not null primary key,
	survey_id  text not null references learn_survey (id),
	respondent text not null,
	week_on    text not null,
	scores     text not null,                -- "5,4,-,3": one for each item, - none
	words      text not null default ''
);
create index learn_survey_answer_survey on learn_survey_answer (survey_id, id);
