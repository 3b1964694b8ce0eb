/**
 * Artifacts in a bucket of S3 or of a server with its API.
 *
 * <p>Below the prefix, {@code objects/<hex>/<random>} holds the bytes of an artifact, and {@code names/<hex>} says which of
 * these objects is the artifact. A name is only changed by conditional writes (If-Match, If-None-Match), so a removal and a
 * concurrent renewal exclude each other. A removed artifact's name remains as an empty object.
 */
package io.rootstock.artifacts.s3;
