/**
 * Imports models: receives the files of a Hugging Face directory or a GGUF model, validates them, and stores the
 * artifacts that a run exports. {@code io.rootstock.checkpoint} reads and writes the file formats.
 */
package io.rootstock.trainer.imports;
