/**
 * The serving tier under load: throughput and latencies beside llama-server, promotions under streams, cancellations at
 * random moments, a long run. Models are made here and kept in the user's cache folder.
 */
package io.rootstock.bench.serving;
