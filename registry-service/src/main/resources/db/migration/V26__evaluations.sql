-- Suites of evaluation tasks, evaluations of versions on suites, and their replayable events.

create table suite (
    id text primary key,
    latest_revision bigint not null default 0,
    create_time timestamptz not null default clock_timestamp()
);

create table suite_revision (
    suite text not null references suite on delete cascade,
    number bigint not null check (number > 0),
    description text not null,
    create_time timestamptz not null default clock_timestamp(),
    primary key (suite, number)
);

create table suite_file (
    suite text not null,
    number bigint not null,
    path text collate "C" not null,
    digest text not null,
    bytes bigint not null,
    primary key (suite, number, path),
    foreign key (suite, number) references suite_revision on delete cascade
);

create table suite_task (
    suite text not null,
    number bigint not null,
    position integer not null,
    name text not null,
    output_type text not null,
    metrics text[] not null,
    shots integer not null,
    primary key (suite, number, position),
    foreign key (suite, number) references suite_revision on delete cascade
);

create trigger suite_revision_is_immutable before update or delete on suite_revision
    for each row execute function refuse_change();
create trigger suite_file_is_immutable before update or delete on suite_file
    for each row execute function refuse_change();
create trigger suite_task_is_immutable before update or delete on suite_task
    for each row execute function refuse_change();

create table evaluation (
    id text primary key,
    -- Order of creation.
    number bigint generated always as identity unique,
    -- rootstock.evaluation.v1.EvaluationSpec as given.
    spec bytea not null,
    model text not null,
    version bigint not null,
    suite text not null,
    suite_revision bigint not null,
    -- rootstock.trainer.v1.Artifact that is loaded.
    artifact bytea not null,
    state text not null check (state in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
    message text not null default '',
    -- rootstock.evaluation.v1.EvaluationProgress, newest.
    progress bytea,
    -- Number of events with progress, and time of the newest one.
    progress_events integer not null default 0,
    progress_event_time timestamptz,
    -- Row records; null until it has succeeded.
    rows_digest text,
    rows_bytes bigint,
    engine text not null default '',
    -- Number of the last lease; a resumption takes a number too, so that reports of earlier leases are rejected.
    lease bigint not null default 0,
    -- Null unless it is running.
    lease_expire_time timestamptz,
    -- Name of the evaluator of the last lease.
    evaluator text not null default '',
    -- Leases that have expired since it was queued.
    expired_leases integer not null default 0,
    last_sequence bigint not null default 0,
    revision bigint not null default 1,
    create_time timestamptz not null default clock_timestamp(),
    update_time timestamptz not null default clock_timestamp(),
    foreign key (model, version) references version,
    foreign key (suite, suite_revision) references suite_revision,
    check ((state = 'RUNNING') = (lease_expire_time is not null)),
    check ((state = 'SUCCEEDED') = (rows_digest is not null)),
    check ((rows_digest is null) = (rows_bytes is null))
);

create index evaluation_by_version on evaluation (model, version);
create index evaluation_by_suite on evaluation (suite, suite_revision);
create index evaluation_active on evaluation (number) where state in ('QUEUED', 'RUNNING');

create table evaluation_result (
    evaluation text not null references evaluation on delete cascade,
    -- Position of the task in its suite.
    position integer not null,
    -- rootstock.evaluation.v1.TaskResult.
    result bytea not null,
    primary key (evaluation, position)
);

create table evaluation_event (
    evaluation text not null references evaluation on delete cascade,
    sequence bigint not null,
    -- rootstock.evaluation.v1.EvaluationEvent without its sequence and time.
    payload bytea not null,
    event_time timestamptz not null,
    primary key (evaluation, sequence)
);

create trigger evaluation_event_is_immutable before update or delete on evaluation_event
    for each row execute function refuse_change();
create trigger evaluation_event_is_not_truncated before truncate on evaluation_event
    for each statement execute function refuse_change();
