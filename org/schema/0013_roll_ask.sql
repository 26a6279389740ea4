-- +goose Up

-- A row of a roll of which nobody knows whom it is about: people of one name and
-- birth date are in the records. answer is '' while nobody said, 'new' for somebody
-- new, or the id of one of people.
create table org_roll_ask (
	roll_id  text   not null references org_roll (id),
	row_no   bigint not null,
	name     text   not null,
	birth_on text,
	unit_id  text   not null, -- that the row names
	people   text   not null, -- ids, with a space between
	answer   text   not null,
	primary key (roll_id, row_no)
);
