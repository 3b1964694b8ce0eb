/**
 * Random faults on an installation of two registries, PostgreSQL and an S3 server while jobs run and versions are promoted.
 * Every process has its own network namespace, so that partitions are real; the workload records what was acknowledged.
 */
package io.rootstock.bench.storm;
