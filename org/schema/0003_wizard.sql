-- +goose Up

-- An import or a merger that somebody is working out: the file that was sent, what
-- it rests on, and the answers given so far. It can be left and returned to.
create table org_wizard (
	id      text   primary key,
	kind    text   not null check (kind in ('import', 'merger')),
	title   text   not null,
	body    text   not null,
	made_at bigint not null,
	done_at bigint,
	edition bigint not null
);
