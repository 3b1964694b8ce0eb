/**
 * From trained weights to artifacts: a Hugging Face directory, a GGUF with float32 tensors, for classifiers the head by itself,
 * and the adapters where they alone were trained, each put into the artifact store under its digest. Then the other number formats of that
 * GGUF, made and measured in a process of their own. The same weights give the same digests.
 */
package io.rootstock.trainer.export;
