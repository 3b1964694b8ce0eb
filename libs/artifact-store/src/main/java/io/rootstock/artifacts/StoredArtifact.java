package io.rootstock.artifacts;

import java.time.Instant;

/**
 * An artifact in a store.
 *
 * @param bytes its length
 * @param renewed time at which it was last stored or renewed
 */
public record StoredArtifact(Digest digest, long bytes, Instant renewed) {}
