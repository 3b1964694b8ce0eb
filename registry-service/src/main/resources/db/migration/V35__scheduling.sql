-- Scheduling of jobs: the principals that they are accounted to, their priority and cost limit, whether they wait for
-- devices, and the estimated times; quotas and usage of principals.

create table job_schedule (
    job text primary key references job,
    -- users/{user} or serviceAccounts/{service_account}.
    owner text not null,
    -- groups/{group}; the owner without a team.
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

insert into job_schedule (job, owner, team, priority, submit_time, release_time)
select id, 'users/local', 'users/local', 'NORMAL', create_time, case when started then create_time end from job;

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
