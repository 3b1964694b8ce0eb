-- Creators and sizes of the tokenizer service's resources, for the limit of each user.

alter table tokenizer.resource
    -- Name of the user or service account that created it; empty: unknown.
    add column owner text not null default '',
    add column bytes bigint not null default 0;
