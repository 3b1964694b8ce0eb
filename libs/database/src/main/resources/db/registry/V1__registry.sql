-- The registry's schema.

-- Refuses changes of rows that never change. They can be deleted in a transaction that declares a deletion.
create function refuse_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('registry.deletion', true) = 'on' then
        return old;
    end if;
    raise exception 'rows of % never change', tg_table_name using errcode = 'integrity_constraint_violation';
end
$$;

-- Refuses rows of a version outside the transaction that inserts the version.
create function refuse_late_row() returns trigger language plpgsql as $$
begin
    if not exists (
        select from version
        where model = new.model and number = new.number and version.xmin = pg_current_xact_id()::xid
    ) then
        raise exception 'rows of % never change', tg_table_name using errcode = 'integrity_constraint_violation';
    end if;
    return new;
end
$$;

-- Results of requests with an id, so that a repeated request gets the same result. Kept for a limited time.
create table request (
    method text not null,
    id text not null,
    fingerprint bytea not null,
    result text not null,
    create_time timestamptz not null default clock_timestamp(),
    primary key (method, id)
);

create index request_by_create_time on request (create_time);

-- Datasets and tokenizers that were released for deletion. A resource of the same name with a later create_time is new.
create table released_resource (
    name text primary key,
    create_time timestamptz not null,
    release_time timestamptz not null default clock_timestamp()
);

------------------------------------------------------------------------------------------------------------------------
-- Models and their versions. A version, its artifacts and its metrics are immutable.

create table model (
    id text primary key,
    latest_version bigint not null default 0,
    description text not null default '',
    -- Key to value.
    tags jsonb not null default '{}',
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
    -- rootstock.trainer.v1.MixturePlan; null: trained on one dataset.
    mixture bytea,
    tokenizer text not null,
    tokenizer_digest text not null,
    labels text[] not null,
    -- License identifier; empty: not stated.
    license text not null default '',
    -- rootstock.registry.v1.VersionOrigin; null: created in this installation.
    origin bytea,
    create_time timestamptz not null default clock_timestamp(),
    primary key (model, number),
    foreign key (parent_model, parent_number) references version,
    check ((parent_model is null) = (parent_number is null))
);

create index version_by_parent on version (parent_model, parent_number);
create index version_by_tokenizer on version (tokenizer);

create trigger version_is_immutable before update or delete on version
    for each row execute function refuse_change();
create trigger version_is_not_truncated before truncate on version
    for each statement execute function refuse_change();

create table version_artifact (
    model text not null,
    number bigint not null,
    -- Order in the version, from 1.
    position integer not null check (position > 0),
    kind text not null,
    digest text not null,
    bytes bigint not null,
    -- rootstock.trainer.v1.SpecialTokens of the Hugging Face artifact; null: exported before they were written.
    special_tokens bytea,
    primary key (model, number, position),
    unique (model, number, kind),
    foreign key (model, number) references version
);

-- GGUF files that are made of a version's Hugging Face directory can be added after its registration.
create trigger version_artifact_is_complete before insert on version_artifact
    for each row when (new.kind not in ('GGUF_F32', 'GGUF_F16', 'GGUF_Q8_0', 'GGUF_Q4_K_M'))
    execute function refuse_late_row();
create trigger version_artifact_is_immutable before update or delete on version_artifact
    for each row execute function refuse_change();
create trigger version_artifact_is_not_truncated before truncate on version_artifact
    for each statement execute function refuse_change();

create table version_metric (
    model text not null,
    number bigint not null,
    name text not null,
    value double precision not null,
    primary key (model, number, name),
    foreign key (model, number) references version
);

create trigger version_metric_is_complete before insert on version_metric
    for each row execute function refuse_late_row();
create trigger version_metric_is_immutable before update or delete on version_metric
    for each row execute function refuse_change();
create trigger version_metric_is_not_truncated before truncate on version_metric
    for each statement execute function refuse_change();

-- The changeable part of a version. No row: no description, no tags, neither archived nor pinned.
create table version_description (
    model text not null,
    number bigint not null,
    description text not null,
    tags jsonb not null,
    archived boolean not null default false,
    pinned boolean not null default false,
    primary key (model, number),
    foreign key (model, number) references version on delete cascade
);

------------------------------------------------------------------------------------------------------------------------
-- Aliases of versions, every move of an alias, and the analyses of canaries.

-- Moves are numbered without gaps in the order of commits: the row of the counter is locked until then.
create table alias_counter (
    only_row boolean primary key default true check (only_row),
    value bigint not null
);

insert into alias_counter (value) values (0);

-- Keeps the numbers of deleted versions.
create table alias_move (
    sequence bigint primary key,
    model text not null,
    alias text not null,
    from_number bigint,
    -- Null: the alias was deleted.
    to_number bigint,
    -- The move whose target a rollback of this one goes back to; null: there is none.
    base_sequence bigint references alias_move,
    reason text not null,
    move_time timestamptz not null default clock_timestamp(),
    -- The version on trial beside to_number after the move. A move that changes only the canary goes from a version to
    -- itself and goes back to what the move before it went back to.
    canary_number bigint,
    canary_percent integer not null default 0 check (canary_percent between 0 and 100),
    canary_shadow boolean not null default false,
    -- rootstock.registry.v1.CanaryAnalysisSpec; null: the canary is not analysed.
    canary_analysis bytea,
    overridden_gates text[] not null default '{}',
    overridden_by text not null default '',
    check (to_number is not null or canary_number is null),
    check (canary_number is null or canary_number <> to_number),
    check ((canary_number is not null) = (canary_percent > 0 or canary_shadow)),
    check (canary_analysis is null or canary_number is not null)
);

create index alias_move_by_alias on alias_move (model, alias, sequence);

create trigger alias_move_is_immutable before update or delete on alias_move
    for each row execute function refuse_change();
create trigger alias_move_is_not_truncated before truncate on alias_move
    for each statement execute function refuse_change();

create table alias (
    model text not null references model,
    alias text not null check (alias <> 'latest'),
    number bigint not null,
    sequence bigint not null references alias_move,
    update_time timestamptz not null,
    primary key (model, alias),
    foreign key (model, number) references version
);

-- The newest analysis of each alias.
create table canary_analysis (
    model text not null references model on delete cascade,
    alias text not null,
    -- Version that the alias points to.
    version bigint not null,
    canary bigint not null,
    -- rootstock.registry.v1.CanaryAnalysisSpec.
    spec bytea not null,
    state text not null check (state in ('RUNNING', 'PROMOTING', 'PASSED', 'PROMOTED', 'ROLLED_BACK', 'STOPPED')),
    -- Index in the steps of the specification.
    step integer not null default 0,
    -- Successive intervals of the step with an unclear verdict.
    unclear integer not null default 0,
    -- Successive intervals without a report.
    silent integer not null default 0,
    reason text not null default '',
    start_time timestamptz not null default clock_timestamp(),
    end_time timestamptz,
    interval_start timestamptz not null default clock_timestamp(),
    -- Sums of the counters at the start of the step, as rootstock.registry.v1.ReportCanaryFiguresRequest.
    base bytea not null,
    primary key (model, alias),
    check ((end_time is null) = (state in ('RUNNING', 'PROMOTING')))
);

create table canary_interval (
    model text not null,
    alias text not null,
    number integer not null,
    -- rootstock.registry.v1.CanaryInterval.
    interval bytea not null,
    primary key (model, alias, number),
    foreign key (model, alias) references canary_analysis on delete cascade
);

-- Counters that inference services report.
create table canary_report (
    model text not null references model on delete cascade,
    alias text not null,
    canary bigint not null,
    series text not null,
    sequence bigint not null,
    -- rootstock.registry.v1.ReportCanaryFiguresRequest, the newest of the series.
    report bytea not null,
    report_time timestamptz not null default clock_timestamp(),
    primary key (model, alias, canary, series)
);

------------------------------------------------------------------------------------------------------------------------
-- Jobs of every kind, their leases and their replayable events. What only one kind has is in a table of its own.

create table job (
    id text primary key,
    -- Order of creation, for paging newest first.
    number bigint generated always as identity unique,
    kind text not null check (kind in ('PRETRAIN', 'FINE_TUNE', 'EVALUATE')),
    -- Model that is trained, or whose version is evaluated: who may see it may see the job.
    model text not null,
    -- users/{user} or serviceAccounts/{service_account}.
    owner text not null default 'users/local',
    state text not null,
    message text not null default '',
    -- Number of the last lease of a worker; 0: none. A resumption may take a number too, so that reports of earlier leases are
    -- rejected.
    lease bigint not null default 0,
    -- Name of the worker of the last lease.
    lease_holder text not null default '',
    -- Null: released, or no worker has had a lease.
    lease_expire_time timestamptz,
    last_sequence bigint not null default 0,
    -- Some time after a job's end, its events are removed, except state changes. A new event resets this.
    events_removed boolean not null default false,
    revision bigint not null default 1,
    create_time timestamptz not null default clock_timestamp(),
    update_time timestamptz not null default clock_timestamp()
);

create index job_by_state on job (state, number);
create index job_by_model on job (model, number);
create index job_active on job (kind, number) where state in ('QUEUED', 'RUNNING');
create index job_with_events_by_update_time on job (update_time)
    where state in ('SUCCEEDED', 'FAILED', 'CANCELLED') and not events_removed;

create table job_event (
    job text not null references job,
    sequence bigint not null,
    -- Position in the log of the run; null: not an event of the trainer.
    source_epoch integer,
    source_sequence bigint,
    state_changed boolean not null default false,
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

------------------------------------------------------------------------------------------------------------------------
-- Jobs that train, and the outbox of commands for the trainer.

create table training (
    job text primary key references job,
    -- rootstock.registry.v1.JobSpec as given.
    spec bytea not null,
    dataset_name text not null,
    -- Datasets of the mixture of a job, which cannot be deleted while the job may run; dataset_name is empty then.
    mixture_datasets text[] not null default '{}',
    -- rootstock.trainer.v1.RunSpec as sent to the trainer; null until names are resolved.
    run_spec bytea,
    -- rootstock.trainer.v1.RunResolved, newest.
    run_resolved bytea,
    -- The state that the client last requested.
    desired_state text not null default 'RUNNING' check (desired_state in ('RUNNING', 'PAUSED', 'CANCELLED')),
    base_model text,
    base_number bigint,
    -- rootstock.tokenizer.v1.Dataset without its refused rows, as resolved.
    dataset bytea,
    -- rootstock.trainer.v1.RunProgress, newest.
    progress bytea,
    -- rootstock.trainer.v1.RunArtifacts, until the version is registered.
    artifacts bytea,
    version_model text,
    version_number bigint,
    -- Whether a start command was ever written for this job.
    started boolean not null default false,
    -- Newest event of the trainer that is stored; the epoch grows when the trainer's own log begins anew.
    source_epoch integer not null default 0,
    source_sequence bigint not null default 0,
    -- Time since which the trainer does not answer the follower of the job; null while it answers.
    trainer_lost_time timestamptz,
    -- Some time after the job's end, the run at the trainer is removed. A request resets this.
    run_removed boolean not null default false,
    foreign key (base_model, base_number) references version,
    -- A job outlives the version that it registered.
    foreign key (version_model, version_number) references version on delete set null (version_model, version_number)
);

create index training_by_dataset on training (dataset_name);
create index training_by_mixture_dataset on training using gin (mixture_datasets);
create index training_by_base on training (base_model, base_number);
create index training_by_version on training (version_model, version_number);
create index training_with_run on training (job) where started and not run_removed;

create table job_evaluation (
    job text not null references job,
    split text not null,
    -- Order of the splits' first evaluations.
    position bigint generated always as identity,
    -- rootstock.trainer.v1.RunEvaluation, newest of the split.
    evaluation bytea not null,
    primary key (job, split)
);

-- Metrics of jobs over their steps.
create table metric_series (
    id bigint generated always as identity primary key,
    job text not null references job,
    -- As in the run's TensorBoard files, such as training/loss.
    name text not null,
    unique (job, name)
);

-- A resumed run replaces the points after the step of its checkpoint. A foreign key to metric_series would be checked for
-- each point; instead, points are written and deleted under the lock of the job's row.
create table metric_point (
    series bigint not null,
    step bigint not null,
    time timestamptz not null,
    value double precision not null,
    primary key (series, step)
) partition by hash (series);

do $$
begin
    for number in 0..15 loop
        execute format(
            'create table metric_point_%s partition of metric_point for values with (modulus 16, remainder %s)',
            number, number);
    end loop;
end
$$;

-- The newest checkpoints of jobs in the artifact store.
create table job_checkpoint (
    job text not null references job on delete cascade,
    step bigint not null,
    -- Directory in the artifact store.
    digest text not null,
    bytes bigint not null,
    best boolean not null,
    primary key (job, step)
);

-- The command DELETE outlives its job.
create table job_command (
    id bigint generated always as identity primary key,
    job text not null,
    command text not null check (command in ('START', 'CANCEL', 'PAUSE', 'RESUME', 'DELETE')),
    -- How many processes shall go on with a resumed job; 0: as many as before.
    ranks integer not null default 0 check (ranks >= 0),
    -- Of RESUME: train from step 0 if the trainer does not know the run.
    restart boolean not null default false,
    -- A command that the trainer rejects temporarily is due later than the commands of other jobs.
    attempts integer not null default 0,
    due_time timestamptz not null default clock_timestamp(),
    create_time timestamptz not null default clock_timestamp()
);

create index job_command_by_job on job_command (job, id);
create index job_command_by_due_time on job_command (due_time, id);

------------------------------------------------------------------------------------------------------------------------
-- Scheduling of jobs: the principals that they are accounted to, their priority and cost limit, whether they wait for
-- devices, and the estimated times; quotas and usage of principals.

create table job_schedule (
    job text primary key references job,
    -- groups/{group}; the owner of the job without a team.
    team text not null,
    priority text not null check (priority in ('LOW', 'NORMAL', 'HIGH')),
    -- Null: no limit.
    max_cost_dollars double precision check (max_cost_dollars > 0),
    -- Time since which the job waits; a preemption does not change it.
    submit_time timestamptz not null default clock_timestamp(),
    -- Command that the trainer gets when devices are free; null: the job does not wait for devices.
    waiting text check (waiting in ('START', 'RESUME')),
    resume_ranks integer not null default 0,
    resume_restart boolean not null default false,
    -- Time of the last command of this kind.
    release_time timestamptz,
    -- Why the scheduler is stopping the run; null: it is not.
    stop text check (stop in ('PREEMPTED', 'LIMIT')),
    stop_message text not null default '',
    -- Training time from before the run, in seconds; 0: unknown.
    estimated_seconds double precision not null default 0,
    dollars_per_hour double precision not null default 0,
    -- Newest report of the run's cost, and the longest expected time between two.
    report_time timestamptz,
    report_seconds double precision not null default 60,
    -- At the time of the report; null: no report.
    remaining_seconds double precision,
    -- As reported by the run, and of the job with runs that were lost.
    run_dollars double precision not null default 0,
    dollars_spent double precision not null default 0,
    checkpoint_time timestamptz,
    -- From 1; 0: none.
    queue_position integer not null default 0,
    estimated_start_time timestamptz,
    estimated_end_time timestamptz
);

create index job_schedule_waiting on job_schedule (job) where waiting is not null;

create table quota (
    -- users/{user}, serviceAccounts/{service_account} or groups/{group}.
    principal text collate "C" primary key,
    -- Null: 1.
    weight double precision check (weight > 0),
    -- Null: no limit.
    devices integer check (devices >= 0),
    dollars_per_month double precision check (dollars_per_month >= 0)
);

-- Used device time, decayed to a time.
create table device_usage (
    team text collate "C" not null,
    owner text collate "C" not null,
    device_seconds double precision not null,
    time timestamptz not null,
    primary key (team, owner)
);

create table month_cost (
    principal text collate "C" not null,
    -- First day, UTC.
    month date not null,
    dollars double precision not null,
    primary key (principal, month)
);

------------------------------------------------------------------------------------------------------------------------
-- Suites of evaluation tasks, jobs that evaluate versions on suites, and gates of aliases.

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
    job text primary key references job,
    -- rootstock.evaluation.v1.EvaluationSpec as given.
    spec bytea not null,
    version_model text not null,
    version_number bigint not null,
    suite text not null,
    suite_revision bigint not null,
    -- rootstock.trainer.v1.Artifact that is loaded.
    artifact bytea not null,
    -- rootstock.evaluation.v1.EvaluationProgress, newest.
    progress bytea,
    -- Number of events with progress, and time of the newest one.
    progress_events integer not null default 0,
    progress_event_time timestamptz,
    -- Row records; null until it has succeeded.
    rows_digest text,
    rows_bytes bigint,
    engine text not null default '',
    -- Leases that have expired since it was queued.
    expired_leases integer not null default 0,
    foreign key (version_model, version_number) references version,
    foreign key (suite, suite_revision) references suite_revision,
    check ((rows_digest is null) = (rows_bytes is null))
);

create index evaluation_by_version on evaluation (version_model, version_number);
create index evaluation_by_suite on evaluation (suite, suite_revision);

create table evaluation_result (
    job text not null references evaluation on delete cascade,
    -- Position of the task in its suite.
    position integer not null,
    -- rootstock.evaluation.v1.TaskResult.
    result bytea not null,
    primary key (job, position)
);

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

------------------------------------------------------------------------------------------------------------------------
-- Files of clients, uploads in parts, and fine-tuning jobs. An owner is users/{user} or serviceAccounts/{service_account}.

create table file (
    id text primary key,
    -- Order of creation, for paging.
    number bigint generated always as identity unique,
    file_name text not null,
    purpose text not null check (purpose in ('FINE_TUNE', 'FINE_TUNE_RESULTS')),
    bytes bigint not null,
    digest text not null,
    owner text not null default 'users/local',
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
    owner text not null default 'users/local',
    create_time timestamptz not null default clock_timestamp(),
    expire_time timestamptz not null
);

create index upload_by_file on upload (file);

create table upload_part (
    upload text not null references upload on delete cascade,
    id text not null,
    bytes bigint not null,
    digest text not null,
    create_time timestamptz not null default clock_timestamp(),
    primary key (upload, id)
);

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
    -- The job may be deleted after it has ended. Its events are also events of the fine-tuning job.
    job text,
    version text,
    result_file text,
    trained_tokens bigint not null default 0,
    owner text not null default 'users/local',
    create_time timestamptz not null default clock_timestamp(),
    validate_time timestamptz,
    finish_time timestamptz
);

create index fine_tuning_by_state on fine_tuning (state, number);
create index fine_tuning_by_job on fine_tuning (job);

------------------------------------------------------------------------------------------------------------------------
-- Webhooks and the outbox of their deliveries.

create table webhook (
    id text primary key,
    -- Order of creation, for paging.
    number bigint generated always as identity unique,
    url text not null,
    -- Empty: all types.
    event_types text[] not null,
    -- Keys of the signatures, whsec_{base64}; the previous one signs too until its time is over.
    secret text not null,
    previous_secret text,
    previous_secret_expire_time timestamptz,
    state text not null default 'ENABLED' check (state in ('ENABLED', 'DISABLED')),
    create_time timestamptz not null default clock_timestamp()
);

create table webhook_delivery (
    number bigint generated always as identity primary key,
    webhook text not null references webhook on delete cascade,
    -- Id of the event, equal for all webhooks.
    event text not null,
    event_type text not null,
    -- JSON body of the requests.
    body text not null,
    state text not null check (state in ('PENDING', 'SUCCEEDED', 'FAILED')),
    -- Null unless PENDING.
    next_attempt_time timestamptz,
    create_time timestamptz not null default clock_timestamp()
);

create index webhook_delivery_by_webhook on webhook_delivery (webhook, number);
create index webhook_delivery_due on webhook_delivery (webhook, next_attempt_time) where state = 'PENDING';

create table webhook_attempt (
    delivery bigint not null references webhook_delivery on delete cascade,
    -- From 1.
    attempt integer not null,
    time timestamptz not null,
    -- HTTP status; 0: no response.
    status integer not null,
    error text not null,
    seconds double precision not null,
    primary key (delivery, attempt)
);

------------------------------------------------------------------------------------------------------------------------
-- Users, service accounts and groups, their grants and access tokens; the audit log.

create table principal (
    -- users/{user}, serviceAccounts/{service_account} or groups/{group}.
    name text collate "C" primary key,
    description text not null,
    create_time timestamptz not null default clock_timestamp()
);

-- Users of an OpenID provider may have grants through their groups only, and no row of their own.
create table principal_grant (
    principal text collate "C" not null references principal on delete cascade,
    role text not null check (role in ('VIEWER', 'TRAINER', 'PROMOTER', 'ADMIN')),
    -- Prefix of "{resource}/"; empty: all resources.
    prefix text not null,
    primary key (principal, role, prefix)
);

create table access_token (
    id text primary key,
    number bigint generated always as identity unique,
    principal text collate "C" not null references principal on delete cascade,
    -- SHA-256 of the secret, which has 256 random bits.
    hash bytea not null unique,
    description text not null,
    create_time timestamptz not null default clock_timestamp(),
    expire_time timestamptz not null,
    revoke_time timestamptz,
    last_use_time timestamptz
);

create index access_token_by_principal on access_token (principal, number);

create table audit_event (
    sequence bigint generated always as identity primary key,
    time timestamptz not null default clock_timestamp(),
    principal text not null,
    peer text not null,
    method text not null,
    resources text[] not null,
    request text not null,
    reason text not null,
    state_before text not null,
    state_after text not null default '',
    -- Empty until the call has ended.
    status text not null default ''
);

create index audit_event_by_principal on audit_event (principal, sequence);
create index audit_event_by_resource on audit_event using gin (resources);
