/** Keys by which documents are compared for deduplication. The comparison itself is a stage of the engine. */
package io.rootstock.corpus.duplicate;
