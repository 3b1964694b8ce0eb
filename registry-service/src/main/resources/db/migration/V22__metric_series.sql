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
