-- +goose Up
-- When a person was last reminded: 'own' of his own courses, 'unit' of the people
-- of the unit that he heads.
create table learn_staff_reminder (
	person_id text   not null,
	about     text   not null check (about in ('own', 'unit')),
	at        bigint not null,
	primary key (person_id, about)
);
