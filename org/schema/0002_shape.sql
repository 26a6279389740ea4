-- +goose Up

-- The outline of a unit from from_on on, thinned out and written by geo.Encode.
create table org_shape (
	unit_id text   not null references org_unit (id),
	from_on text   not null,
	shape   text   not null,
	made_at bigint not null,
	primary key (unit_id, from_on)
);
