-- +goose Up
alter table learn_programme add column summary text not null default '';
alter table learn_programme add column closed boolean not null default false;
