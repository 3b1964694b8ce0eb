-- Some time after a job's end, the events of its run are removed, except state changes, and the run at the trainer. A new
-- event of the job resets both.
alter table job
    add column events_removed boolean not null default false,
    add column run_removed boolean not null default false;

create index job_with_events_by_update_time on job (update_time)
    where state in ('SUCCEEDED', 'FAILED', 'CANCELLED') and not events_removed;
create index job_with_run_by_update_time on job (update_time)
    where state in ('SUCCEEDED', 'FAILED', 'CANCELLED') and started and not run_removed;
