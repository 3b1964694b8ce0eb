-- Artifacts and metrics of versions as rows instead of parallel arrays.

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

create table version_metric (
    model text not null,
    number bigint not null,
    name text not null,
    value double precision not null,
    primary key (model, number, name),
    foreign key (model, number) references version
);

insert into version_artifact (model, number, position, kind, digest, bytes, special_tokens)
select version.model, version.number, artifact.position, artifact.kind, artifact.digest, artifact.bytes,
    case when artifact.kind = 'HUGGING_FACE' then version.special_tokens end
from version
cross join lateral unnest(artifact_kinds, artifact_digests, artifact_bytes) with ordinality
    as artifact (kind, digest, bytes, position);

insert into version_metric (model, number, name, value)
select version.model, version.number, metric.name, metric.value
from version
cross join lateral unnest(metric_names, metric_values) as metric (name, value);

-- Also drops the checks of equal lengths.
alter table version
    drop column artifact_kinds,
    drop column artifact_digests,
    drop column artifact_bytes,
    drop column special_tokens,
    drop column metric_names,
    drop column metric_values;

-- A version's rows are inserted in the transaction that inserts the version, and never change.
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

create trigger version_artifact_is_complete before insert on version_artifact
    for each row execute function refuse_late_row();
create trigger version_artifact_is_immutable before update or delete on version_artifact
    for each row execute function refuse_change();
create trigger version_artifact_is_not_truncated before truncate on version_artifact
    for each statement execute function refuse_change();
create trigger version_metric_is_complete before insert on version_metric
    for each row execute function refuse_late_row();
create trigger version_metric_is_immutable before update or delete on version_metric
    for each row execute function refuse_change();
create trigger version_metric_is_not_truncated before truncate on version_metric
    for each statement execute function refuse_change();
