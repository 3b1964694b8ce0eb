-- Time since which the trainer does not answer the follower of a job; null while it answers.
alter table job add column trainer_lost_time timestamptz;
