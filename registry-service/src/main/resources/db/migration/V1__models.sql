-- Models, their immutable versions, the aliases that point to them and every move of an alias.

create table model (
    id text primary key,
    latest_version bigint not null default 0,
    create_time timestamptz not null default clock_timestamp()
);

create table version (
    model text not null references model,
    number bigint not null check (number > 0),
    kind text not null check (kind in ('BASE', 'INSTRUCT', 'CLASSIFIER')),
    parent_model text,
    parent_number bigint,
    job text unique,
    dataset text not null,
    dataset_digest text not null,
    tokenizer text not null,
    tokenizer_digest text not null,
    artifact_kinds text[] not null,
    artifact_digests text[] not null,
    artifact_bytes bigint[] not null,
    labels text[] not null,
    metric_names text[] not null,
    metric_values double precision[] not null,
    create_time timestamptz not null default clock_timestamp(),
    primary key (model, number),
    foreign key (parent_model, parent_number) references version,
    check ((parent_model is null) = (parent_number is null)),
    check (cardinality(artifact_kinds) = cardinality(artifact_digests)),
    check (cardinality(artifact_kinds) = cardinality(artifact_bytes)),
    check (cardinality(metric_names) = cardinality(metric_values))
);

create index version_by_parent on version (parent_model, parent_number);

-- One row per move, numbered without gaps in the order of commits: the row of the counter is locked until then.
create table alias_counter (
    only_row boolean primary key default true check (only_row),
    value bigint not null
);

insert into alias_counter (value) values (0);

create table alias_move (
    sequence bigint primary key,
    model text not null,
    alias text not null,
    from_number bigint,
    to_number bigint not null,
    -- The move whose target a rollback of this one goes back to; null: there is none.
    base_sequence bigint references alias_move,
    reason text not null,
    move_time timestamptz not null default clock_timestamp(),
    foreign key (model, from_number) references version,
    foreign key (model, to_number) references version
);

create index alias_move_by_alias on alias_move (model, alias, sequence);

create table alias (
    model text not null references model,
    alias text not null check (alias <> 'latest'),
    number bigint not null,
    sequence bigint not null references alias_move,
    update_time timestamptz not null,
    primary key (model, alias),
    foreign key (model, number) references version
);

-- Answers given to request ids, so that a repeated request gets the same answer.
create table request (
    method text not null,
    id text not null,
    fingerprint bytea not null,
    result text not null,
    create_time timestamptz not null default clock_timestamp(),
    primary key (method, id)
);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % never change', tg_table_name using errcode = 'integrity_constraint_violation';
end
$$;

create trigger version_is_immutable before update or delete on version
    for each row execute function refuse_change();
create trigger version_is_not_truncated before truncate on version
    for each statement execute function refuse_change();
create trigger alias_move_is_immutable before update or delete on alias_move
    for each row execute function refuse_change();
create trigger alias_move_is_not_truncated before truncate on alias_move
    for each statement execute function refuse_change();
