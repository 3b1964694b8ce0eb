-- Jobs, their replayable events, and the outbox of commands for the trainer.

create table job (
    id text primary key,
    -- Order of creation, for paging newest first.
    number bigint generated always as identity unique,
    -- rootstock.registry.v1.JobSpec as given.
    spec bytea not null,
    -- rootstock.trainer.v1.RunSpec as sent to the trainer; null until names are resolved.
    run_spec bytea,
    -- rootstock.trainer.v1.RunResolved, newest.
    run_resolved bytea,
    state text not null,
    message text not null,
    base_model text,
    base_number bigint,
    -- rootstock.tokenizer.v1.Dataset without its refused rows, as resolved.
    dataset bytea,
    -- rootstock.trainer.v1.RunProgress, newest.
    progress bytea,
    -- rootstock.registry.v1.Job holding only evaluations, newest by split.
    evaluations bytea,
    -- rootstock.trainer.v1.RunArtifacts, until the version is registered.
    artifacts bytea,
    version_model text,
    version_number bigint,
    -- Whether a start command was ever written for this job.
    started boolean not null default false,
    last_sequence bigint not null default 0,
    -- Newest event of the trainer that is stored; the epoch grows when the trainer's own log begins anew.
    source_epoch integer not null default 0,
    source_sequence bigint not null default 0,
    revision bigint not null default 1,
    create_time timestamptz not null default clock_timestamp(),
    update_time timestamptz not null default clock_timestamp(),
    foreign key (base_model, base_number) references version,
    foreign key (version_model, version_number) references version
);

create index job_by_state on job (state, number);

create table job_event (
    job text not null references job,
    sequence bigint not null,
    source_epoch integer,
    source_sequence bigint,
    -- rootstock.registry.v1.JobEvent without its sequence and time.
    payload bytea not null,
    event_time timestamptz not null,
    primary key (job, sequence),
    unique (job, source_epoch, source_sequence)
);

create trigger job_event_is_immutable before update or delete on job_event
    for each row execute function refuse_change();
create trigger job_event_is_not_truncated before truncate on job_event
    for each statement execute function refuse_change();

create table job_command (
    id bigint generated always as identity primary key,
    job text not null references job,
    command text not null check (command in ('START', 'CANCEL', 'PAUSE', 'RESUME')),
    create_time timestamptz not null default clock_timestamp()
);

create index job_command_by_job on job_command (job, id);
