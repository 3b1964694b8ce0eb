/**
 * What this service remembers: uploaded sources, tokenizers and datasets, each a JSON file in the home's {@code
 * tokenizer} folder.
 *
 * <p>A file appears whole or not at all, after everything it refers to is in the artifact store; killing the service at
 * any time loses nothing that was acknowledged.
 */
package io.rootstock.tokenizer.catalogue;
