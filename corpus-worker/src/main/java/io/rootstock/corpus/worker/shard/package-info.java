/**
 * The last stage of a recipe: held-out splits, tokens, shards in the format of {@link io.rootstock.dataset}.
 * {@link io.rootstock.corpus.worker.shard.ShardJob} runs it on the engine of the stages before.
 */
package io.rootstock.corpus.worker.shard;
