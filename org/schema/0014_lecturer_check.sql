-- +goose Up

-- Who looked at the papers and found that they bear out the record, and when; what
-- is changed after that is to be checked again.
alter table org_lecturer add column checked_at bigint;
alter table org_lecturer add column checked_by text not null default '';

-- A paper that bears out what is said of a lecturer: a degree, a decision.
create table org_lecturer_paper (
	id        text   primary key,
	person_id text   not null references org_person (id),
	name      text   not null, -- as it was called when it was sent
	file      text   not null, -- of the file store
	size      bigint not null,
	actor     text   not null, -- who sent it
	made_at   bigint not null,
	unique (person_id, file)
);
