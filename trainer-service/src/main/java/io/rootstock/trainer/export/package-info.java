/**
 * Exports trained weights as artifacts: a Hugging Face directory, a GGUF file with float32 tensors, the head of a
 * classifier, and the adapters if only adapters were trained. Each is put into the artifact store under its digest. A
 * separate process then creates and measures the quantizations of the GGUF file. Equal weights give equal digests.
 */
package io.rootstock.trainer.export;
