-- The state that the client last requested for a job. Until now, a requested pause or cancellation was recorded only in
-- the job's message; it is read here for the last time.
alter table job add column desired_state text not null default 'RUNNING'
    check (desired_state in ('RUNNING', 'PAUSED', 'CANCELLED'));

update job set desired_state = case
        when state = 'PAUSED' or message = 'pause requested' then 'PAUSED'
        else 'CANCELLED'
    end
where state in ('PAUSED', 'CANCELLED') or message in ('pause requested', 'cancellation requested');
