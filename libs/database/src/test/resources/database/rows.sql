-- At least one row of every table of migration 1 of both schemas, for the tests of upgrades and of restored backups.
set search_path = registry;
begin;
insert into model (id, latest_version, create_time, description, tags) values
    ('base', 2, '2026-01-02 03:04:05.678901+00', E'a "base"\nwith\ttabs, \\N and ümläuts', '{"team": "search", "häm": "x"}'),
    ('spam', 1, '2026-01-03 00:00:00+00', '', '{}');
insert into version (model, number, kind, parent_model, parent_number, job, dataset, dataset_digest, tokenizer,
    tokenizer_digest, labels, create_time, license) values
    ('base', 1, 'BASE', null, null, null, '', '', '', '', '{}', '2026-01-02 03:04:06+00', 'apache-2.0'),
    ('base', 2, 'BASE', 'base', 1, 'job-1', 'datasets/text', 'sha256:' || repeat('1', 64), 'tokenizers/small',
        'sha256:' || repeat('2', 64), '{}', '2026-01-02 03:04:07+00', ''),
    ('spam', 1, 'CLASSIFIER', 'base', 2, null, '', '', '', '', '{ham,"spam, and {more}"}', '2026-01-03 00:00:01+00', '');
insert into version_artifact (model, number, position, kind, digest, bytes, special_tokens) values
    ('base', 2, 1, 'HUGGING_FACE', 'sha256:' || repeat('3', 64), 123456789012, '\x0a033c733e'),
    ('base', 2, 2, 'GGUF_F32', 'sha256:' || repeat('4', 64), 7, null);
insert into version_metric (model, number, name, value) values
    ('base', 2, 'loss', 0.1), ('base', 2, 'accuracy', 0.3333333333333333), ('base', 2, 'nan', 'NaN');
commit;
insert into version_description (model, number, description, tags) values ('base', 2, 'the second', '{"k": "v"}');
update alias_counter set value = 3;
insert into alias_move (sequence, model, alias, from_number, to_number, base_sequence, reason, move_time, canary_number,
    canary_percent, canary_shadow) values
    (1, 'base', 'production', null, 1, null, 'first', '2026-01-02 03:05:00+00', null, 0, false),
    (2, 'base', 'production', 1, 1, null, '', '2026-01-02 03:06:00+00', 2, 10, true),
    (3, 'base', 'production', 1, 2, 1, 'better', '2026-01-02 03:07:00+00', null, 0, false);
insert into alias (model, alias, number, sequence, update_time) values
    ('base', 'production', 2, 3, '2026-01-02 03:07:00+00');
insert into request (method, id, fingerprint, result, create_time) values
    ('CreateJob', 'request-1', '\x00ff', 'jobs/job-1', '2026-01-02 03:04:05+00');
insert into job (id, kind, model, owner, state, message, lease, lease_holder, lease_expire_time, last_sequence, revision,
    create_time, update_time) values
    ('job-1', 'PRETRAIN', 'base', 'users/local', 'SUCCEEDED', 'done', 0, '', null, 2, 5, '2026-01-02 03:04:05+00',
        '2026-01-02 03:04:08+00'),
    ('job-2', 'FINE_TUNE', 'spam', 'serviceAccounts/ci', 'PAUSED', '', 3, 'worker-1', '2026-01-02 03:05:00+00', 0, 1,
        '2026-01-02 03:04:05+00', '2026-01-02 03:04:08+00'),
    ('job-3', 'EVALUATE', 'base', 'users/ada', 'SUCCEEDED', '', 1, 'evaluator-1', null, 1, 3, '2026-01-02 00:00:00+00',
        '2026-01-02 00:01:00+00');
insert into training (job, spec, run_spec, run_resolved, base_model, base_number, dataset, progress, artifacts, version_model,
    version_number, started, source_epoch, source_sequence, desired_state, dataset_name) values
    ('job-1', '\x0801', '\x0a00', '\x1200', 'base', 1, '\x0a01', '\x0802', '\x0a00', 'base', 2, true, 1, 2, 'RUNNING',
        'datasets/text'),
    ('job-2', '', null, null, null, null, null, null, null, null, null, false, 0, 0, 'PAUSED', '');
insert into job_event (job, sequence, source_epoch, source_sequence, payload, event_time) values
    ('job-1', 1, 1, 1, '\x12020801', '2026-01-02 03:04:05+00'),
    ('job-1', 2, 1, 2, '\x', '2026-01-02 03:04:06+00'),
    ('job-3', 1, null, null, '\x320408011002', '2026-01-02 00:00:30+00');
insert into job_evaluation (job, split, evaluation) values ('job-1', 'test', '\x0801'), ('job-1', 'validation', '\x');
insert into job_command (job, command, create_time, ranks) values
    ('job-2', 'START', '2026-01-02 03:04:05+00', 0), ('job-2', 'PAUSE', '2026-01-02 03:04:06+00', 2);
insert into released_resource (name, create_time, release_time) values
    ('datasets/old', '2026-01-01 00:00:00+00', '2026-01-02 00:00:00+00');
insert into file (id, file_name, purpose, bytes, digest, create_time) values
    ('file-1', 'train.jsonl', 'FINE_TUNE', 12, 'sha256:' || repeat('5', 64), '2026-01-02 00:00:00+00');
insert into upload (id, file_name, purpose, bytes, state, file, create_time, expire_time) values
    ('upload-1', 'train.jsonl', 'FINE_TUNE', 12, 'COMPLETED', 'file-1', '2026-01-02 00:00:00+00', '2026-01-02 01:00:00+00');
insert into upload_part (upload, id, bytes, digest, create_time) values
    ('upload-1', 'part-1', 12, 'sha256:' || repeat('6', 64), '2026-01-02 00:00:00+00');
insert into fine_tuning (id, spec, metadata, training_file, validation_file, state, output_model, error, job, version,
    result_file, trained_tokens, create_time, validate_time, finish_time) values
    ('ftjob-1', '\x0a00', '{"a": "b"}', 'file-1', null, 'SUCCEEDED', 'spam', '\x08', 'job-1', 'models/spam/versions/1', 'file-1',
        42, '2026-01-02 00:00:00+00', '2026-01-02 00:00:01+00', '2026-01-02 00:00:02+00');
insert into webhook (id, url, event_types, secret, previous_secret, previous_secret_expire_time, state, create_time) values
    ('hook-1', 'https://example.com/hook', '{job.failed}', 'whsec_a', 'whsec_b', '2026-01-03 00:00:00+00', 'ENABLED',
        '2026-01-02 00:00:00+00');
insert into webhook_delivery (webhook, event, event_type, body, state, next_attempt_time, create_time) values
    ('hook-1', 'event-1', 'job.failed', '{"type": "job.failed"}', 'PENDING', '2026-01-02 00:00:05+00', '2026-01-02 00:00:00+00');
insert into webhook_attempt (delivery, attempt, time, status, error, seconds) values
    (1, 1, '2026-01-02 00:00:01+00', 500, 'server error', 0.25);
insert into canary_analysis (model, alias, version, canary, spec, state, start_time, interval_start, base) values
    ('base', 'production', 2, 1, '\x0801', 'RUNNING', '2026-01-02 03:07:00+00', '2026-01-02 03:07:00+00', '\x');
insert into canary_interval (model, alias, number, interval) values ('base', 'production', 1, '\x0801');
insert into canary_report (model, alias, canary, series, sequence, report, report_time) values
    ('base', 'production', 1, 'inference-0', 7, '\x0801', '2026-01-02 03:08:00+00');
insert into metric_series (job, name) values ('job-1', 'training/loss');
insert into metric_point (series, step, time, value) values
    (1, 10, '2026-01-02 03:04:06+00', 4.5), (1, 20, '2026-01-02 03:04:07+00', 'NaN');
insert into job_checkpoint (job, step, digest, bytes, best) values ('job-1', 20, 'sha256:' || repeat('7', 64), 123, true);
insert into job_schedule (job, team, priority, max_cost_dollars, submit_time, waiting) values
    ('job-1', 'groups/search', 'NORMAL', 1.5, '2026-01-02 03:04:05+00', null),
    ('job-2', 'serviceAccounts/ci', 'LOW', null, '2026-01-02 03:04:05+00', 'RESUME');
insert into quota (principal, weight, devices, dollars_per_month) values ('groups/search', 2, null, 100.25);
insert into device_usage (team, owner, device_seconds, time) values
    ('groups/search', 'users/local', 0.1, '2026-01-02 03:04:05+00');
insert into month_cost (principal, month, dollars) values ('groups/search', '2026-01-01', 0.3333333333333333);
insert into suite (id, latest_revision, create_time) values ('quality', 1, '2026-01-02 00:00:00+00');
insert into suite_revision (suite, number, description, create_time) values ('quality', 1, '', '2026-01-02 00:00:00+00');
insert into suite_file (suite, number, path, digest, bytes) values ('quality', 1, 'a.yaml', 'sha256:' || repeat('8', 64), 5);
insert into suite_task (suite, number, position, name, output_type, metrics, shots) values
    ('quality', 1, 0, 'arc', 'multiple_choice', '{acc}', 5);
insert into evaluation (job, spec, version_model, version_number, suite, suite_revision, artifact, rows_digest, rows_bytes)
    values ('job-3', '\x0801', 'base', 2, 'quality', 1, '\x0801', 'sha256:' || repeat('9', 64), 12);
insert into evaluation_result (job, position, result) values ('job-3', 0, '\x0801');
insert into gate (model, alias, id, gate, suite, suite_revision, update_time) values
    ('base', 'production', 'accuracy', '\x0801', 'quality', 1, '2026-01-02 00:00:00+00');
insert into principal (name, description, create_time) values
    ('users/ada', '', '2026-01-02 00:00:00+00'), ('groups/search', 'searchers', '2026-01-02 00:00:00+00');
insert into principal_grant (principal, role, prefix) values ('groups/search', 'TRAINER', 'models/base/');
insert into access_token (id, principal, hash, description, create_time, expire_time) values
    ('token-1', 'users/ada', '\x00ff', 'laptop', '2026-01-02 00:00:00+00', '2026-02-02 00:00:00+00');
insert into audit_event (time, principal, peer, method, resources, request, reason, state_before) values
    ('2026-01-02 00:00:00+00', 'users/ada', '127.0.0.1', 'SetAlias', '{models/base/aliases/production}', '{}', '', '');

set search_path = tokenizer;
insert into resource (kind, id, fingerprint, request_id, digest, resource, use_time) values
    ('DATASET', 'text', 'f', 'request-1', 'sha256:' || repeat('a', 64), '\x0a01', '2026-01-02 00:00:00+00');
insert into operation (tokenizer, start_time, renew_time) values
    ('tokenizers/small', '2026-01-02 00:00:00+00', '2026-01-02 00:01:00+00');
insert into corpus (id, fingerprint, request_id, corpus, state, digests) values
    ('web', 'f', '', '\x0a01', 'SUCCEEDED', array['sha256:' || repeat('b', 64)]);
insert into corpus_event (corpus, sequence, payload, event_time) values ('web', 1, '\x0801', '2026-01-02 00:00:00+00');
