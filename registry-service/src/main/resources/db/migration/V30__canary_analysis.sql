-- Analyses of canaries: the newest of each alias, its judged intervals, and the counters that inference services report.

alter table alias_move
    -- rootstock.registry.v1.CanaryAnalysisSpec; null: the canary is not analysed.
    add column canary_analysis bytea,
    add check (canary_analysis is null or canary_number is not null);

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
