/** Starts the inference service repeatedly, in each packaging, and measures its start-up time and memory. */
package io.rootstock.bench.startup;
