-- +goose Up
-- Questionnaires have tables of their own, in package survey: these held for each
-- person whether he had answered, and the week of each answer.
drop table learn_survey_answer;
drop table learn_survey_asked;
drop table learn_survey;
