-- +goose Up

-- A roll of people that somebody sent, and what came of it. The file is kept until
-- the sweep, and with it the lines, which name people.
create table org_roll (
	id       text    primary key,
	account  text    not null, -- who sent it, by whose rights it is read and carried out
	actor    text    not null, -- the name that screens show
	unit_id  text,
	category text    not null,
	on_date  text    not null,
	file     text    not null, -- of the file store; '' swept
	name     text    not null, -- what the file is called
	state    text    not null check (state in ('reading', 'ready', 'refused', 'writing', 'done')),
	total    bigint  not null default 0,
	fresh    bigint  not null default 0,
	changed  bigint  not null default 0,
	same     bigint  not null default 0,
	bad      bigint  not null default 0,
	warned   bigint  not null default 0,
	partial  boolean not null default false,
	stamp    text    not null default '',
	error    text    not null default '', -- why it was refused: a message with its arguments, JSON
	notes    text    not null default '[]',
	once     text    unique,   -- key of the form that sent it
	made_at  bigint  not null,
	done_at  bigint
);
create index org_roll_account on org_roll (account, made_at);
create index org_roll_made on org_roll (made_at);

create table org_roll_line (
	roll_id text   not null references org_roll (id),
	n       bigint not null,
	row_no  bigint not null,
	level   text   not null,
	text    text   not null, -- a message with its arguments, JSON
	primary key (roll_id, n)
);
