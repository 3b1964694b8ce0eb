-- Gates of aliases, and which of them a move overrode.

create table gate (
    model text not null references model on delete cascade,
    alias text not null,
    id text not null,
    -- rootstock.evaluation.v1.Gate without its name and time.
    gate bytea not null,
    suite text not null,
    suite_revision bigint not null,
    update_time timestamptz not null default clock_timestamp(),
    primary key (model, alias, id),
    foreign key (suite, suite_revision) references suite_revision
);

create index gate_by_suite on gate (suite);

alter table alias_move
    add column overridden_gates text[] not null default '{}',
    add column overridden_by text not null default '';
