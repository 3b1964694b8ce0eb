package io.rootstock.corpus.engine.spi;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Facts about a unit that are known after it was read.
 *
 * @param contentDigest SHA-256 of the unit's bytes as stored
 * @param ignored number of records that hold no document, by reason
 * @param unreadableRest place and reason at which the unit became unreadable; nothing after it was read
 */
public record ReadSummary(
        String contentDigest, SortedMap<String, Long> ignored, Optional<RefusedDocument> unreadableRest) {
    public ReadSummary {
        ignored = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, Long>) ignored));
    }
}
