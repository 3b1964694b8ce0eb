-- Licenses of versions; descriptions and tags of models and versions.

-- License identifier; empty: not stated.
alter table version add column license text not null default '';

alter table model
    add column description text not null default '',
    -- Key to value.
    add column tags jsonb not null default '{}';

-- The changeable part of a version. No row: no description and no tags.
create table version_description (
    model text not null,
    number bigint not null,
    description text not null,
    tags jsonb not null,
    primary key (model, number),
    foreign key (model, number) references version on delete cascade
);
