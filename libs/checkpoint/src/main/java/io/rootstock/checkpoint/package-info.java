/**
 * Model files: the Hugging Face directory (config.json, safetensors, tokenizer.json), the GGUF file for llama.cpp, and
 * the classifier head beside it. Everything is written to a temporary name and renamed when it is durable. External
 * files are validated before use, because native code aborts the process on a damaged file. This package does not run
 * models.
 */
package io.rootstock.checkpoint;
