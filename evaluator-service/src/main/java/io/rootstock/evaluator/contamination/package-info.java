/**
 * Contamination check of an evaluation: the text of its rows is searched for in the training splits of the version's lineage.
 * Shards are decoded with their tokenizer's bytes; results are cached by texts and dataset.
 */
package io.rootstock.evaluator.contamination;
