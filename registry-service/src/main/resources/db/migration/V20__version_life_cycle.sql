-- Archived and pinned versions; origins of imported versions.

-- No row: neither archived nor pinned.
alter table version_description
    add column archived boolean not null default false,
    add column pinned boolean not null default false;

-- rootstock.registry.v1.VersionOrigin; null: created in this installation.
alter table version add column origin bytea;
