-- Files of clients, uploads in parts, and fine-tuning jobs.

create table file (
    id text primary key,
    -- Order of creation, for paging.
    number bigint generated always as identity unique,
    file_name text not null,
    purpose text not null check (purpose in ('FINE_TUNE', 'FINE_TUNE_RESULTS')),
    bytes bigint not null,
    digest text not null,
    create_time timestamptz not null default clock_timestamp()
);

create table upload (
    id text primary key,
    number bigint generated always as identity unique,
    file_name text not null,
    purpose text not null check (purpose = 'FINE_TUNE'),
    bytes bigint not null,
    -- A pending upload whose time is over is expired; its parts are deleted when the next upload begins.
    state text not null check (state in ('PENDING', 'COMPLETED', 'CANCELLED', 'EXPIRED')),
    file text references file on delete set null,
    create_time timestamptz not null default clock_timestamp(),
    expire_time timestamptz not null
);

create table upload_part (
    upload text not null references upload on delete cascade,
    id text not null,
    bytes bigint not null,
    digest text not null,
    create_time timestamptz not null default clock_timestamp(),
    primary key (upload, id)
);

create index upload_by_file on upload (file);

create table fine_tuning (
    id text primary key,
    number bigint generated always as identity unique,
    -- rootstock.registry.v1.FineTuningSpec with the base's version.
    spec bytea not null,
    metadata jsonb not null,
    -- Ids of files; they may be deleted once the files are validated.
    training_file text not null,
    validation_file text,
    -- TRAINING until the job has ended and its version is promoted; the job has the exact state.
    state text not null check (state in ('VALIDATING_FILES', 'TRAINING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
    output_model text not null,
    -- rootstock.registry.v1.FineTuningError.
    error bytea,
    -- The job may be deleted after it has ended.
    job text,
    version text,
    result_file text,
    trained_tokens bigint not null default 0,
    create_time timestamptz not null default clock_timestamp(),
    validate_time timestamptz,
    finish_time timestamptz
);

create index fine_tuning_by_state on fine_tuning (state, number);
