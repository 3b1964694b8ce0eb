/**
 * Whether models that were trained here answer alike elsewhere: trains small ones, serves them, and writes their exports and
 * our answers into a folder, where plain users of transformers, PEFT and node-llama-cpp compare them with theirs.
 */
package io.rootstock.bench.elsewhere;
