/**
 * Jobs: validation, resolution to digests, the outbox to the trainer, the followers of runs, and the registration of a
 * version when a run succeeds. All state is in the database, and every loop reads its work from there, so a killed
 * registry resumes after a restart. This package does not depend on gRPC's server side.
 */
package io.rootstock.registry.job;
