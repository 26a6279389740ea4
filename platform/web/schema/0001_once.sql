-- +goose Up
create table web_once (
	key      text   primary key, -- of the form, drawn when the form was shown
	at       bigint not null,
	location text   not null     -- where the first answer sent the browser
);
create index web_once_at on web_once (at);
