/** The cells of the KV cache: sequences, the prefixes that they keep, and the prompt cache in host memory. */
package io.rootstock.inference.engine.kvcache;
