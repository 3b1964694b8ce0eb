-- How many processes shall go on with a resumed job; 0: as many as before.
alter table job_command add column ranks integer not null default 0 check (ranks >= 0);
