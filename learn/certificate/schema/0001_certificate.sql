-- +goose Up

-- What was printed stays as it was printed, whatever becomes of the person, the
-- course or the unit.
create table learn_certificate (
	id          text   primary key,
	serial      text   not null unique, -- random, on the paper and in its public address
	number      bigint not null,        -- in the register book of the unit and year
	year        bigint not null,
	unit_id     text   not null references org_unit (id), -- that issues it
	person_id   text   not null references org_person (id),
	holder      text   not null,
	folded      text   not null,
	born        text   not null,
	holder_unit_id text not null references org_unit (id),
	holder_unit text   not null,
	category    text   not null,
	course_id   text   not null,
	course      text   not null,
	topic_id    text   not null,
	hours       text   not null, -- «24 tiết»
	from_on     text,
	to_on       text,
	grade       text   not null,
	issued_on   text   not null,
	state       text   not null check (state in ('valid', 'revoked', 'replaced')),
	why         text   not null,
	replaces_id text   references learn_certificate (id),
	changed_at  bigint not null,
	edition     bigint not null default 0,
	unique (unit_id, year, number)
);
create unique index learn_certificate_once on learn_certificate (course_id, person_id) where state = 'valid';
create index learn_certificate_person on learn_certificate (person_id);
create index learn_certificate_unit on learn_certificate (unit_id, year, number);

create table learn_certificate_book (
	unit_id text   not null references org_unit (id),
	year    bigint not null,
	last    bigint not null,
	primary key (unit_id, year)
);

-- How a unit's certificates look.
create table learn_certificate_template (
	unit_id     text   primary key references org_unit (id),
	parent_body text   not null,
	issuer      text   not null,
	completed   text   not null,
	place       text   not null,
	sign        text   not null, -- powers and post, a line each
	signer      text   not null,
	accent      text   not null, -- #rrggbb or ''
	edition     bigint not null default 0
);

-- A ZIP of many certificates, made in the background.
create table learn_certificate_pack (
	id        text   primary key,
	unit_id   text   not null references org_unit (id),
	course_id text   not null, -- '' all of the unit
	total     bigint not null,
	done      bigint not null default 0,
	file      text   not null default '',
	error     text   not null default '',
	made_at   bigint not null
);
