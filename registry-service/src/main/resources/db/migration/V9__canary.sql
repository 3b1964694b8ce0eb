-- The contract and the code name it canary.
alter table alias_move rename column candidate_number to canary_number;
alter table alias_move rename column candidate_percent to canary_percent;
alter table alias_move rename column candidate_shadow to canary_shadow;
