/** The data stage: exactness over threads, buckets and killed workers, throughput, and the truth of planted documents. */
package io.rootstock.bench.data;
