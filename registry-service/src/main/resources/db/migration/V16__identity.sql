-- Users, service accounts and groups, their grants and access tokens; the audit log; owners of files.

create table principal (
    -- users/{user}, serviceAccounts/{service_account} or groups/{group}.
    name text collate "C" primary key,
    description text not null,
    create_time timestamptz not null default clock_timestamp()
);

-- Users of an OpenID provider may have grants through their groups only, and no row of their own.
create table principal_grant (
    principal text collate "C" not null references principal on delete cascade,
    role text not null check (role in ('VIEWER', 'TRAINER', 'PROMOTER', 'ADMIN')),
    -- Prefix of "{resource}/"; empty: all resources.
    prefix text not null,
    primary key (principal, role, prefix)
);

create table access_token (
    id text primary key,
    number bigint generated always as identity unique,
    principal text collate "C" not null references principal on delete cascade,
    -- SHA-256 of the secret, which has 256 random bits.
    hash bytea not null unique,
    description text not null,
    create_time timestamptz not null default clock_timestamp(),
    expire_time timestamptz not null,
    revoke_time timestamptz,
    last_use_time timestamptz
);

create index access_token_by_principal on access_token (principal, number);

create table audit_event (
    sequence bigint generated always as identity primary key,
    time timestamptz not null default clock_timestamp(),
    principal text not null,
    peer text not null,
    method text not null,
    resources text[] not null,
    request text not null,
    reason text not null,
    state_before text not null,
    state_after text not null default '',
    -- Empty until the call has ended.
    status text not null default ''
);

create index audit_event_by_principal on audit_event (principal, sequence);
create index audit_event_by_resource on audit_event using gin (resources);

-- Their creators; those of before belong to the local user, whom only admins can be.
alter table file add column owner text not null default 'users/local';
alter table upload add column owner text not null default 'users/local';
alter table fine_tuning add column owner text not null default 'users/local';
