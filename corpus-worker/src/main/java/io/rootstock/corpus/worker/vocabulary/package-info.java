/** Training of a recipe's tokenizer: words are counted by an exchange, merges are learned by one process. */
package io.rootstock.corpus.worker.vocabulary;
