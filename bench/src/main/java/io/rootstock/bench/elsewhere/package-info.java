/**
 * Compatibility of exported models: trains small models, serves them, and writes their exports and responses into a
 * folder; scripts with transformers, PEFT and node-llama-cpp compare their own results with them.
 */
package io.rootstock.bench.elsewhere;
