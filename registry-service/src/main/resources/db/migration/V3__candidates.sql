-- The version on trial beside the one that an alias points to, as it is after each move. A move that changes only the
-- candidate goes from a version to itself and goes back to what the move before it went back to.

alter table alias_move
    add column candidate_number bigint,
    add column candidate_percent integer not null default 0 check (candidate_percent between 0 and 100),
    add column candidate_shadow boolean not null default false,
    add foreign key (model, candidate_number) references version,
    add check (candidate_number is null or candidate_number <> to_number),
    add check ((candidate_number is not null) = (candidate_percent > 0 or candidate_shadow));
