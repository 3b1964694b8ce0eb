/**
 * Model files: the Hugging Face directory (config.json, safetensors, tokenizer.json), the GGUF file that llama.cpp
 * serves, and the classifier head beside it. Everything is written to a temporary name and renamed when it is durable;
 * everything read from outside is checked before anybody uses it, because native code that meets a damaged file ends
 * the process. Nothing here computes with a model.
 */
package io.rootstock.checkpoint;
