/**
 * Persistent state of the service: uploaded sources, tokenizers and datasets, each a JSON file in the home's
 * {@code tokenizer} folder.
 *
 * <p>A file appears complete or not at all, after everything it refers to is in the artifact store; killing the service
 * at any time loses no acknowledged write.
 */
package io.rootstock.tokenizer.catalogue;
