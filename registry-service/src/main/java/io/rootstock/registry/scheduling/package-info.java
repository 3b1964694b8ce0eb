/**
 * Scheduling of jobs: which waiting jobs start, which runs stop for others or because of limits, and estimated times. The
 * decisions are pure functions of {@code io.rootstock.scheduling}; this package reads their inputs from the database and
 * stores their results. It does not know the commands of jobs, which it requests through {@link SchedulingActions}.
 */
package io.rootstock.registry.scheduling;
