-- The catalogue of the tokenizer service, which reads and writes it.

do $$
begin
    -- Not "if not exists", which needs the privilege to create schemas even if this one exists.
    if not exists (select from pg_namespace where nspname = 'tokenizer') then
        create schema tokenizer;
    end if;
end
$$;

create table tokenizer.resource (
    kind text not null check (kind in ('SOURCE', 'TOKENIZER', 'DATASET')),
    id text collate "C" not null,
    -- Digest of the request that created the resource, equal for equal requests.
    fingerprint text not null,
    -- Empty: none.
    request_id text not null,
    -- Artifact of the resource.
    digest text not null,
    -- rootstock.tokenizer.v1.Source, Tokenizer or Dataset.
    resource bytea not null,
    -- Last write or use.
    use_time timestamptz not null default clock_timestamp(),
    primary key (kind, id)
);

create index resource_by_request_id on tokenizer.resource (kind, request_id) where request_id <> '';

-- Running preparations and trainings of all tokenizer services. An operation that is no longer renewed has ended.
create table tokenizer.operation (
    id bigint generated always as identity primary key,
    -- Name of the tokenizer that it uses; empty: none.
    tokenizer text not null,
    start_time timestamptz not null default clock_timestamp(),
    renew_time timestamptz not null default clock_timestamp()
);
