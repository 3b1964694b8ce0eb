-- Datasets of the mixture of a job, which cannot be deleted while the job may run; dataset_name is empty then.
alter table job add column mixture_datasets text[] not null default '{}';
create index job_by_mixture_dataset on job using gin (mixture_datasets);

-- rootstock.trainer.v1.MixturePlan; null: trained on one dataset.
alter table version add column mixture bytea;
