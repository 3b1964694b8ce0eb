-- Evaluations of jobs as rows instead of a rootstock.registry.v1.Job that holds only evaluations.

create table job_evaluation (
    job text not null references job,
    split text not null,
    -- Order of the splits' first evaluations.
    position bigint generated always as identity,
    -- rootstock.trainer.v1.RunEvaluation, newest of the split.
    evaluation bytea not null,
    primary key (job, split)
);

-- Reads a varint of a protocol buffer; returns its value and the offset behind it.
create function pg_temp.varint(message bytea, inout place integer, out value bigint) language plpgsql as $$
declare
    shift integer := 0;
    byte integer;
begin
    value := 0;
    loop
        byte := get_byte(message, place);
        place := place + 1;
        value := value | ((byte & 127)::bigint << shift);
        exit when byte < 128;
        shift := shift + 7;
    end loop;
end
$$;

-- Returns the values of a length-delimited field of a protocol buffer, in order.
create function pg_temp.field(message bytea, number integer) returns setof bytea language plpgsql as $$
declare
    place integer := 0;
    tag bigint;
    size bigint;
begin
    while place < length(message) loop
        select varint.place, varint.value into place, tag from pg_temp.varint(message, place) as varint;
        case tag & 7
            when 0 then
                select varint.place into place from pg_temp.varint(message, place) as varint;
            when 1 then
                place := place + 8;
            when 2 then
                select varint.place, varint.value into place, size from pg_temp.varint(message, place) as varint;
                if tag >> 3 = number then
                    return next substring(message from place + 1 for size::integer);
                end if;
                place := place + size;
            when 5 then
                place := place + 4;
        end case;
    end loop;
end
$$;

-- Field 7 of Job: evaluations; field 2 of RunEvaluation: split.
insert into job_evaluation (job, split, evaluation)
select job.id, coalesce(convert_from((select split from pg_temp.field(stored.evaluation, 2) as split), 'UTF8'), ''),
    stored.evaluation
from job
cross join lateral pg_temp.field(job.evaluations, 7) with ordinality as stored (evaluation, position)
where job.evaluations is not null
order by job.number, stored.position;

drop function pg_temp.field;
drop function pg_temp.varint;

alter table job drop column evaluations;
