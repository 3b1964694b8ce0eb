/**
 * Persistent state of the service: uploaded sources, tokenizers and datasets, rows of the schema {@code tokenizer} in the
 * registry's database.
 *
 * <p>A row appears after everything it refers to is in the artifact store; killing the service at any time loses no
 * acknowledged write.
 */
package io.rootstock.tokenizer.catalogue;
