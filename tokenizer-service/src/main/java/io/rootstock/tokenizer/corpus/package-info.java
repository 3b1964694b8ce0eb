/** Corpora: recipes that this service runs as jobs, in worker processes of their own. */
package io.rootstock.tokenizer.corpus;
