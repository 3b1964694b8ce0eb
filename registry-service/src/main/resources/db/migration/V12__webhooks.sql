-- Webhooks and the outbox of their deliveries.

create table webhook (
    id text primary key,
    -- Order of creation, for paging.
    number bigint generated always as identity unique,
    url text not null,
    -- Empty: all types.
    event_types text[] not null,
    -- Keys of the signatures, whsec_{base64}; the previous one signs too until its time is over.
    secret text not null,
    previous_secret text,
    previous_secret_expire_time timestamptz,
    state text not null default 'ENABLED' check (state in ('ENABLED', 'DISABLED')),
    create_time timestamptz not null default clock_timestamp()
);

create table webhook_delivery (
    number bigint generated always as identity primary key,
    webhook text not null references webhook on delete cascade,
    -- Id of the event, equal for all webhooks.
    event text not null,
    event_type text not null,
    -- JSON body of the requests.
    body text not null,
    state text not null check (state in ('PENDING', 'SUCCEEDED', 'FAILED')),
    -- Null unless PENDING.
    next_attempt_time timestamptz,
    create_time timestamptz not null default clock_timestamp()
);

create index webhook_delivery_by_webhook on webhook_delivery (webhook, number);
create index webhook_delivery_due on webhook_delivery (webhook, next_attempt_time) where state = 'PENDING';

create table webhook_attempt (
    delivery bigint not null references webhook_delivery on delete cascade,
    -- From 1.
    attempt integer not null,
    time timestamptz not null,
    -- HTTP status; 0: no response.
    status integer not null,
    error text not null,
    seconds double precision not null,
    primary key (delivery, attempt)
);

-- Events of a training job are also events of its fine-tuning job.
create index fine_tuning_by_job on fine_tuning (job);
