/**
 * Canary analysis: counters that inference services report, the judgement of intervals, and what follows from it: the next
 * step, the promotion or the removal of the canary. The leading registry judges; all state is in the database.
 */
package io.rootstock.registry.canary;
