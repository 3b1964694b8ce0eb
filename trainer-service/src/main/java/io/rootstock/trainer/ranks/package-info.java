/**
 * Meetings of a run's ranks in different pods: which ranks of an attempt are there, and what they must know of each other. In
 * memory; ranks repeat their calls.
 */
package io.rootstock.trainer.ranks;
