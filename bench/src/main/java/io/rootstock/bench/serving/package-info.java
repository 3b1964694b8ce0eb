/**
 * Inference service under load: throughput and latencies compared with llama-server, promotions during streams,
 * cancellations at random moments, a long run. Models are created here and kept in the user's cache folder.
 */
package io.rootstock.bench.serving;
