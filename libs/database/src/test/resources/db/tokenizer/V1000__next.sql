-- A migration of a later release, for the tests of upgrades: changes tables that every call reads and writes.

alter table resource add column next text not null default 'new';
update resource set next = id;
alter table corpus add column next text;
alter table corpus_event add column next text;
alter table operation add column next text;
create index resource_by_next on resource (kind, next);
