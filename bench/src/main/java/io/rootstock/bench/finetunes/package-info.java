/**
 * An imported base, zero-shot on the built-in suites and fine-tuned with the commands of the guides. Fine-tunes are
 * compared with the base itself on the same rows; their recipes are those of docs/guides.
 */
package io.rootstock.bench.finetunes;
