/** The registry's part in deletions: it knows the jobs and versions that refer to datasets and tokenizers. */
package io.rootstock.tokenizer.registry;
