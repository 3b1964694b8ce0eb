/** Tokenizers of recipes: directories that tokenizer-service trained or imported, named by their digest. */
package io.rootstock.corpus.worker.token;
