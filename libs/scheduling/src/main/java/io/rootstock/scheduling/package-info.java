/**
 * The scheduling policy of jobs as pure functions: priorities, fair share, quotas, cost limits, backfill, preemption, and the
 * forecast of start and end times. Records in, decisions out: no clock, no random numbers, no state, no input or output.
 * Times are seconds on one clock of the caller's choice.
 */
package io.rootstock.scheduling;
