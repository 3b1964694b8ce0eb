-- Request ids are kept for a limited time.
create index request_by_create_time on request (create_time);
