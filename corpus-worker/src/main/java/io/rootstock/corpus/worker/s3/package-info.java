/**
 * Sources in buckets of S3, or of a server with its API. Objects are read by ranged requests that name their ETag, so that a
 * task reads the object that was planned or fails.
 */
package io.rootstock.corpus.worker.s3;
