-- +goose Up
alter table learn_quiz_attempt add column parts text not null default ''; -- thousandths by criterion of what was marked by hand, JSON by question
