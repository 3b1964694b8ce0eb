-- Deletion of jobs, versions, aliases and models, and of the datasets and tokenizers that they refer to.

-- Rows that never change can be deleted in a transaction that declares a deletion.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('registry.deletion', true) = 'on' then
        return old;
    end if;
    raise exception 'rows of % never change', tg_table_name using errcode = 'integrity_constraint_violation';
end
$$;

-- The history of an alias keeps the numbers of deleted versions. The row in alias still refers to its version.
do $$
declare
    reference text;
begin
    for reference in
        select conname from pg_constraint
        where conrelid = 'alias_move'::regclass and confrelid = 'version'::regclass and contype = 'f'
    loop
        execute format('alter table alias_move drop constraint %I', reference);
    end loop;
end
$$;

-- Null: the alias was deleted.
alter table alias_move alter column to_number drop not null;
alter table alias_move add check (to_number is not null or canary_number is null);

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

-- Returns the text of a length-delimited field of a protocol buffer; empty if the message does not have it.
create function pg_temp.text_field(message bytea, number integer) returns text language plpgsql as $$
declare
    place integer := 0;
    tag bigint;
    size bigint;
    result text := '';
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
                    result := convert_from(substring(message from place + 1 for size::integer), 'UTF8');
                end if;
                place := place + size;
            when 5 then
                place := place + 4;
        end case;
    end loop;
    return result;
end
$$;

-- Fields 2 and 4 of JobSpec: resource names of the dataset and of the output model.
alter table job add column dataset_name text, add column output_model text;
update job set dataset_name = pg_temp.text_field(spec, 2), output_model = pg_temp.text_field(spec, 4);
alter table job alter column dataset_name set not null, alter column output_model set not null;

drop function pg_temp.text_field;
drop function pg_temp.varint;

create index job_by_dataset on job (dataset_name, number);
create index job_by_output_model on job (output_model, number);
create index job_by_base on job (base_model, base_number);
create index job_by_version on job (version_model, version_number);
create index version_by_tokenizer on version (tokenizer);

-- A job outlives the version that it registered.
alter table job drop constraint job_version_model_version_number_fkey;
alter table job add foreign key (version_model, version_number) references version
    on delete set null (version_model, version_number);

-- The command DELETE outlives its job.
alter table job_command drop constraint job_command_job_fkey;
alter table job_command drop constraint job_command_command_check;
alter table job_command add check (command in ('START', 'CANCEL', 'PAUSE', 'RESUME', 'DELETE'));

-- Datasets and tokenizers that were released for deletion. A resource of the same name with a later create_time is new.
create table released_resource (
    name text primary key,
    create_time timestamptz not null,
    release_time timestamptz not null default clock_timestamp()
);
