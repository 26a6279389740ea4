-- +goose Up

-- A session that runs on sites (hội nghị nhiều điểm cầu).
create table classroom_site_conference (
	session_id text   primary key references classroom_session (id),
	link       text   not null, -- meeting room on the net; '' = the session's
	contact    text   not null, -- whom a site calls when something goes wrong
	phone      text   not null,
	n          bigint not null, -- grows with every mark and every change: who writes locks this row
	setup_n    bigint not null, -- n at the last change of what is not a mark
	made_at    bigint not null,
	changed_at bigint not null,
	edition    bigint not null
);
create index classroom_site_conference_changed on classroom_site_conference (changed_at);

-- An item of the readiness checklist of a conference.
create table classroom_site_check (
	session_id text    not null references classroom_site_conference (session_id),
	key        text    not null,
	sort       bigint  not null,
	label      text    not null, -- '' = the words of the key
	days       bigint  not null, -- due so many working days before the session,
	minutes    bigint  not null, -- or so many minutes before it begins, when days = 0
	central    boolean not null, -- asked of the central site alone
	primary key (session_id, key)
);

-- A room of a unit that takes part (điểm cầu).
create table classroom_site_site (
	id         text    primary key,
	session_id text    not null references classroom_site_conference (session_id),
	unit_id    text    not null,
	central    boolean not null, -- điểm cầu trung tâm
	room       text    not null,
	host_id    text,             -- the person named for this site
	technician text    not null,
	phone      text    not null,
	link       text    not null, -- '' = the conference's
	made_at    bigint  not null,
	changed_at bigint  not null,
	edition    bigint  not null,
	unique (session_id, unit_id)
);
create unique index classroom_site_central on classroom_site_site (session_id) where central;
create index classroom_site_host on classroom_site_site (host_id);

-- How many of a category are expected at a site.
create table classroom_site_expected (
	site_id  text   not null references classroom_site_site (id),
	category text   not null,
	n        bigint not null,
	primary key (site_id, category)
);

-- An invitation: all units of some tiers below a unit, and which people of them.
create table classroom_site_invitation (
	id         text   primary key,
	session_id text   not null references classroom_site_conference (session_id),
	unit_id    text   not null,
	tiers      text   not null,
	categories text   not null,
	number     text   not null, -- of the paper (giấy mời)
	sites      bigint not null, -- how many sites it reached
	by_id      text,
	made_at    bigint not null
);
create index classroom_site_invitation_session on classroom_site_invitation (session_id, made_at);

-- What somebody at a site said of one thing. Marks are only ever added.
create table classroom_site_mark (
	site_id     text   not null references classroom_site_site (id),
	id          text   not null, -- made by the device
	session_id  text   not null,
	subject     text   not null, -- check:<key>, count:<category>, incident:<mark>, sign
	value       text   not null,
	note        text   not null,
	at          bigint not null, -- by the device's clock
	device      text   not null,
	bases       text   not null, -- marks that its maker had seen, and that it replaces
	source      text   not null check (source in ('page', 'device', 'import')),
	by_id       text,
	by_name     text   not null,
	by_host     boolean not null, -- by the person named for the site, not by the organiser
	received_at bigint not null,
	n           bigint not null, -- n of the conference when it came in
	primary key (site_id, id)
);
create index classroom_site_mark_n on classroom_site_mark (session_id, n);
