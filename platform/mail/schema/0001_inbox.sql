-- +goose Up
create table mail_inbox (
	id      text   primary key,
	reader  text   not null, -- the person's id
	subject text   not null,
	body    text   not null,
	link    text   not null, -- a path in the house, or ''
	at      bigint not null,
	read_at bigint
);
create index mail_inbox_reader on mail_inbox (reader, read_at, at);
