-- +goose Up

-- One row. n counts the changes of the units, stamp names the latest one; whoever
-- changes units locks this row first, and every node looks at it to learn that its
-- tree in memory is old. reach_on is the date for which org_reach is written.
create table org_version (
	id       bigint primary key check (id = 1),
	n        bigint not null,
	stamp    text   not null,
	reach_on text
);
insert into org_version (id, n, stamp) values (1, 0, '');

-- A legal act: «1279/NQ-UBTVQH14», its issuer, the day it was signed.
create table org_act (
	id        text   primary key,
	number    text   not null,
	title     text   not null,
	issuer    text   not null,
	signed_on text,
	url       text   not null,
	made_at   bigint not null,
	edition   bigint not null
);
create unique index org_act_number on org_act (number, issuer) where number <> '';

-- A unit is an identity and nothing else.
create table org_unit (
	id      text   primary key,
	made_at bigint not null,
	edition bigint not null
);

-- What a unit was from from_on to the day before to_on, as known now. operates_on
-- and closes_on stand where its authorities started or stopped on other days than
-- the law took effect. code is the General Statistics Office's for administrative
-- units, the unit's own for others.
create table org_unit_state (
	unit_id     text             not null references org_unit (id),
	from_on     text             not null,
	to_on       text,
	operates_on text,
	closes_on   text,
	code        text             not null,
	name        text             not null,
	folded      text             not null,
	kind        text             not null,
	tier        text             not null,
	parent_id   text             references org_unit (id),
	sort        bigint           not null,
	lat         double precision not null,
	lon         double precision not null,
	act_id      text             references org_act (id),
	end_act_id  text             references org_act (id),
	recorded_at bigint           not null,
	primary key (unit_id, from_on),
	check (to_on is null or to_on > from_on),
	check (parent_id is null or parent_id <> unit_id)
);
create index org_unit_state_code on org_unit_state (code);
create index org_unit_state_parent on org_unit_state (parent_id);

-- What was held true before it was corrected or continued: the rows that stood in
-- org_unit_state from recorded_at until superseded_at.
create table org_unit_state_old (
	unit_id       text             not null references org_unit (id),
	from_on       text             not null,
	to_on         text,
	operates_on   text,
	closes_on     text,
	code          text             not null,
	name          text             not null,
	folded        text             not null,
	kind          text             not null,
	tier          text             not null,
	parent_id     text,
	sort          bigint           not null,
	lat           double precision not null,
	lon           double precision not null,
	act_id        text,
	end_act_id    text,
	recorded_at   bigint           not null,
	superseded_at bigint           not null,
	primary key (unit_id, from_on, recorded_at)
);

-- Codes in other systems than the state's own: 'qcvn102' (QCVN 102:2016/BTTTT,
-- level 1 rightmost), 'd20' (Decision 20/2020/QĐ-TTg, level 1 leftmost).
create table org_unit_code (
	unit_id text not null references org_unit (id),
	system  text not null check (system in ('qcvn102', 'd20')),
	from_on text not null,
	to_on   text,
	code    text not null,
	primary key (unit_id, system, from_on)
);
create index org_unit_code_code on org_unit_code (system, code);

-- num/den of from_id went to to_id on on_date. What does not go stays where it was.
-- assumed: nobody has said the share yet. told_at: when the event was published.
create table org_succession (
	from_id     text    not null references org_unit (id),
	to_id       text    not null references org_unit (id),
	on_date     text    not null,
	kind        text    not null check (kind in ('merge', 'split', 'partial', 'rename', 'reclassify', 'reparent')),
	num         bigint  not null check (num > 0),
	den         bigint  not null check (den >= num),
	assumed     boolean not null,
	act_id      text    references org_act (id),
	recorded_at bigint  not null,
	told_at     bigint,
	primary key (from_id, to_id, on_date)
);
create index org_succession_to on org_succession (to_id);
create index org_succession_untold on org_succession (on_date) where told_at is null;

-- Where rights reach each unit, written with every change and when a day brings
-- one: path is the ids from the root down, 32 hexadecimal digits each. All below a
-- unit is path >= its path and path < its path_end. An ended unit lies below each
-- live unit that took something of it, or below its last parent.
create table org_reach (
	unit_id  text not null references org_unit (id),
	path     text not null,
	path_end text not null,
	primary key (unit_id, path)
);
create index org_reach_path on org_reach (path, unit_id);
