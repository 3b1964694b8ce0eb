/**
 * From shards to batches. The order of everything is a function of the seed and a position, so that a resumed run needs
 * to know nothing but the position. Sources are mixed by weight and retire when their epoch cap is reached. Shards are
 * verified against their digest once and memory-mapped.
 */
package io.rootstock.trainer.data;
