-- A migration of a later release, for the tests of upgrades: changes tables that every call reads and writes.

alter table model add column next text not null default 'new';
update model set next = id;
alter table version add column next bigint;
alter table version_description add column next text not null default '';
alter table alias_move add column next text[] not null default '{}';
alter table job add column next bytea;
create index version_by_next on version (next) where next is not null;

create table next (
    model text primary key references model on delete cascade,
    value text not null
);

insert into next select id, next from model;
