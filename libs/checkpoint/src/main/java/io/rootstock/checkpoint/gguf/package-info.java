/**
 * GGUF files for llama.cpp: export, import and validation, because native code aborts the process on a damaged file.
 */
package io.rootstock.checkpoint.gguf;
