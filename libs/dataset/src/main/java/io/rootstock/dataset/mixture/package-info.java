/**
 * Mixtures of sources: weights, phases of a curriculum, the expected draws, and the sampler that selects the source of each
 * item. Pure functions of their arguments; an item is a sequence or a row. Reading of data is elsewhere.
 */
package io.rootstock.dataset.mixture;
