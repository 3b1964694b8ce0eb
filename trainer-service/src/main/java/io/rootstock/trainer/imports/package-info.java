/**
 * Imports of models: receives the files of a Hugging Face directory or a GGUF model, checks all of it, and stores it as the
 * artifacts that a run exports. File formats are read and written by {@code io.rootstock.checkpoint}.
 */
package io.rootstock.trainer.imports;
