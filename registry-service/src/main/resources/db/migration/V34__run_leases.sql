-- Leases of runs whose workers are apart from the trainer, and the newest checkpoints of jobs in the artifact store.

create table run_lease (
    job text primary key references job on delete cascade,
    -- Number of the last lease.
    lease bigint not null check (lease > 0),
    -- Name of the worker of the last lease.
    holder text not null,
    -- Null: released.
    expire_time timestamptz
);

create table job_checkpoint (
    job text not null references job on delete cascade,
    step bigint not null,
    -- Directory in the artifact store.
    digest text not null,
    bytes bigint not null,
    best boolean not null,
    primary key (job, step)
);
