/**
 * Keys and signatures that find duplicates of documents: 128-bit keys for equal texts and addresses, MinHash for similar
 * texts, union-find for the components of a graph of similar pairs.
 *
 * <p>Nothing here compares documents of different units; stages of the engine do. All values depend on the text alone and
 * are equal on every machine.
 */
package io.rootstock.corpus.duplicate;
