/**
 * Tasks of the corpus job: reading with steps, exact duplicates, repeated lines, near duplicates, survivors. A task knows
 * the files of its unit and of the buckets, and nothing of the engine that runs it.
 */
package io.rootstock.corpus.engine.stage;
