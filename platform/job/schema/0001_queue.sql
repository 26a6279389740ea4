-- +goose Up
create table job_queue (
	id          text   primary key,
	kind        text   not null,
	body        text   not null,
	unique_key  text   unique,              -- at most one job of this key waits
	run_at      bigint not null,
	lease_until bigint not null default 0,  -- a node works on it until then
	tries       bigint not null default 0,
	error       text   not null default '', -- of the last try, for the operator
	dead_at     bigint                      -- given up; waits for a person
);
create index job_queue_due on job_queue (dead_at, run_at);
create table job_clock (
	name    text   primary key,
	next_at bigint not null
);
