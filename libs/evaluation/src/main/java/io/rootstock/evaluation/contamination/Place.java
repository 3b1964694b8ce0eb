package io.rootstock.evaluation.contamination;

/**
 * A document of training data.
 *
 * @param shard digest of the shard
 * @param document row of the shard, from 0
 */
public record Place(String shard, long document) {}
