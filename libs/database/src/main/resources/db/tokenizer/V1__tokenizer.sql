-- The tokenizer service's schema.

create table resource (
    kind text not null check (kind in ('SOURCE', 'TOKENIZER', 'DATASET')),
    id text collate "C" not null,
    -- Digest of the request that created the resource, equal for equal requests.
    fingerprint text not null,
    -- Empty: none.
    request_id text not null,
    -- Artifact of the resource.
    digest text not null,
    bytes bigint not null default 0,
    -- rootstock.tokenizer.v1.Source, Tokenizer or Dataset.
    resource bytea not null,
    -- Name of the user or service account that created it, for the limit of each user; empty: unknown.
    owner text not null default '',
    -- Last write or use.
    use_time timestamptz not null default clock_timestamp(),
    primary key (kind, id)
);

create index resource_by_request_id on resource (kind, request_id) where request_id <> '';

-- Running preparations and trainings of all tokenizer services. An operation that is no longer renewed has ended.
create table operation (
    id bigint generated always as identity primary key,
    -- Name of the tokenizer that it uses; empty: none.
    tokenizer text not null,
    start_time timestamptz not null default clock_timestamp(),
    renew_time timestamptz not null default clock_timestamp()
);

-- Recipes that run as jobs, with replayable events.
create table corpus (
    id text collate "C" primary key,
    -- Order of creation.
    number bigint generated always as identity unique,
    -- Digest of the request that created it, equal for equal requests.
    fingerprint text not null,
    -- Empty: none.
    request_id text not null,
    -- rootstock.tokenizer.v1.Corpus without its etag.
    corpus bytea not null,
    state text not null check (state in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
    -- Number of the last lease; a resumption takes a number too, so that reports of earlier leases are rejected.
    lease bigint not null default 0,
    -- Null unless it is running.
    lease_expire_time timestamptz,
    -- Worker processes and services that have ended while they ran it, since it was queued.
    lost_leases integer not null default 0,
    -- Artifacts of the result.
    digests text[] not null default '{}',
    last_sequence bigint not null default 0,
    revision bigint not null default 1,
    check ((state = 'RUNNING') = (lease_expire_time is not null))
);

create index corpus_by_request_id on corpus (request_id) where request_id <> '';
create index corpus_active on corpus (number) where state in ('QUEUED', 'RUNNING');

create table corpus_event (
    corpus text collate "C" not null references corpus on delete cascade,
    sequence bigint not null,
    -- rootstock.tokenizer.v1.CorpusEvent without its sequence and time.
    payload bytea not null,
    event_time timestamptz not null default clock_timestamp(),
    primary key (corpus, sequence)
);
