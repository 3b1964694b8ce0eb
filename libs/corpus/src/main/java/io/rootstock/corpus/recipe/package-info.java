/**
 * Recipes: YAML files that describe how a corpus is made from raw files.
 *
 * <p>A recipe has sources, steps with all their thresholds, a tokenizer, splits and a seed. Its canonical form states every
 * default, and its digest is part of the lineage of its corpora. Workers, memory and cluster are not in a recipe,
 * because they do not change the result.
 */
package io.rootstock.corpus.recipe;
