/**
 * Reads shards and builds batches. The order of rows depends only on the seed and the position, so a resumed run needs
 * only the position. Sources are mixed by weight and dropped when they reach their maximum number of epochs. Shards are
 * verified against their digest once and memory-mapped.
 */
package io.rootstock.trainer.data;
