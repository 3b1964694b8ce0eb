-- A command that the trainer rejects temporarily is due later than the commands of other jobs.
alter table job_command
    add column attempts integer not null default 0,
    add column due_time timestamptz not null default clock_timestamp(),
    -- Of RESUME: train from step 0 if the trainer does not know the run.
    add column restart boolean not null default false;

create index job_command_by_due_time on job_command (due_time, id);
