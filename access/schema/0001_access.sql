-- +goose Up
create table access_account (
	id          text   primary key,
	name        text   not null,            -- for signing in, as its owner writes it
	name_key    text   not null unique,     -- the name in lower case
	person_id   text,                       -- null or '' = an account that stands alone
	title       text   not null,            -- who it is, for people to read
	folded      text   not null,            -- title, name and e-mail, for searching
	sort_key    text   not null,            -- of the title, by given name
	email       text   not null default '',
	unit_id     text   not null,            -- whose list of users it stands on
	state       text   not null check (state in ('new', 'active', 'disabled')),
	password    text   not null default '', -- argon2id in PHC form; '' = none
	password_at bigint,
	totp        text   not null default '', -- the secret, enciphered; '' = none
	totp_at     bigint,                     -- in force since then; null = not yet proven
	totp_step   bigint not null default 0,  -- the last time step whose code was used
	two_step    boolean not null default false, -- a password alone does not do
	made_at     bigint not null,
	seen_at     bigint,                     -- last sign-in
	edition     bigint not null default 1
);
create index access_account_person on access_account (person_id);
create index access_account_unit on access_account (unit_id, sort_key);
create index access_account_email on access_account (email);

create table access_session (
	id         text   primary key,
	token_hash text   not null unique, -- SHA-256 of the token in the cookie, in hex
	account_id text   not null references access_account (id),
	means      text   not null,        -- how they signed in: password, passkey, code, oidc, demo
	made_at    bigint not null,
	seen_at    bigint not null,
	expires_at bigint not null,        -- whatever they do meanwhile
	address    text   not null,
	agent      text   not null
);
create index access_session_account on access_session (account_id);
create index access_session_expires on access_session (expires_at);

-- What must be forgotten by the caches of all nodes: read every second.
create table access_change (
	id         text   primary key,
	account_id text   not null,
	at         bigint not null
);
create index access_change_at on access_change (at);

-- A step between two pages of someone who has not signed in yet, or who proves
-- who they are once more.
create table access_step (
	token_hash text   primary key,
	kind       text   not null,
	account_id text   not null,
	data       text   not null,
	expires_at bigint not null
);
create index access_step_expires on access_step (expires_at);

-- One-time codes, on slips and in letters.
create table access_code (
	id         text   primary key,
	account_id text   not null references access_account (id),
	code_hash  text   not null unique,
	purpose    text   not null check (purpose in ('slip', 'mail')),
	made_at    bigint not null,
	made_by    text   not null,
	expires_at bigint not null,
	used_at    bigint
);
create index access_code_account on access_code (account_id);

create table access_passkey (
	id         text   primary key, -- of the credential, base64url
	account_id text   not null references access_account (id),
	name       text   not null,
	credential text   not null,    -- JSON of go-webauthn
	made_at    bigint not null,
	used_at    bigint
);
create index access_passkey_account on access_passkey (account_id);

create table access_recovery (
	account_id text   not null references access_account (id),
	code_hash  text   not null,
	used_at    bigint,
	primary key (account_id, code_hash)
);

-- Who someone is at a provider of OpenID Connect.
create table access_identity (
	provider   text   not null,
	subject    text   not null,
	account_id text   not null references access_account (id),
	made_at    bigint not null,
	primary key (provider, subject)
);
create index access_identity_account on access_identity (account_id);

create table access_grant (
	id         text    primary key,
	account_id text    not null references access_account (id),
	role       text    not null,
	unit_id    text    not null,
	from_on    text    not null,
	to_on      text,                        -- first day on which it holds no more
	delegable  boolean not null default false,
	granted_by text    not null,            -- account; '' = the house
	granted_at bigint  not null,
	origin     text    not null default '', -- the grant it took over from, at a succession
	note       text    not null default '',
	edition    bigint  not null default 1
);
create index access_grant_account on access_grant (account_id);
create index access_grant_unit on access_grant (unit_id);

-- Keys of programs that use the JSON API.
create table access_key (
	id         text   primary key,
	name       text   not null,
	hash       text   not null unique,
	unit_id    text   not null,
	actions    text   not null, -- names, with spaces between
	made_by    text   not null,
	made_at    bigint not null,
	expires_on text,
	used_at    bigint,
	ended_at   bigint
);
create index access_key_unit on access_key (unit_id);

-- What people say is wrong in their data.
create table access_correction (
	id          text   primary key,
	person_id   text,
	account_id  text   not null,
	unit_id     text,
	text        text   not null,
	made_at     bigint not null,
	due_on      text   not null,
	state       text   not null check (state in ('open', 'done', 'refused')),
	answer      text   not null default '',
	answered_by text   not null default '',
	answered_at bigint,
	edition     bigint not null default 1
);
create index access_correction_person on access_correction (person_id);
create index access_correction_unit on access_correction (unit_id, state);

create table access_setting (
	name  text primary key,
	value text not null
);

-- The log: entries are only ever added.
create table access_audit (
	id         text    primary key,
	at         bigint  not null,
	action     text    not null,
	is_read    boolean not null,           -- someone looked; else something changed
	unit_id    text,
	person_id  text,                       -- whose data
	subject    text    not null,           -- what it was done to: "course:0190…"
	detail     text    not null,           -- JSON
	account_id text    not null,           -- who did it; '' = the house
	actor      text    not null,           -- their name then
	address    text    not null,
	hash       text    not null            -- SHA-256 of all the above, in hex
);
create index access_audit_at on access_audit (at);
create index access_audit_person on access_audit (person_id, at) where person_id <> '';
create index access_audit_account on access_audit (account_id, at) where account_id <> '';
create index access_audit_unit on access_audit (unit_id, at) where unit_id <> '';
create index access_audit_subject on access_audit (subject) where subject <> '';

-- The chain: each link holds an entry and the link before.
create table access_seal (
	seq      bigint primary key, -- 1, 2, 3, …
	audit_id text   not null unique references access_audit (id),
	hash     text   not null,
	at       bigint not null
);

-- Entries that wait for their link.
create table access_unsealed (id text primary key);
