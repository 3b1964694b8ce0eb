package io.rootstock.corpus.reader;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The result of reading a unit.
 *
 * @param documents number of documents
 * @param refused number of refused records
 * @param textBytes total UTF-8 bytes of the documents
 * @param ignored records that hold no document, by reason, such as responses with other content types
 * @param contentDigest SHA-256 of the unit's bytes as stored, as hexadecimal digits
 * @param unreadableRest place and reason at which the unit became unreadable, if it did; nothing after it was read
 */
public record UnitSummary(
        long documents,
        long refused,
        long textBytes,
        SortedMap<String, Long> ignored,
        String contentDigest,
        Optional<RefusedRecord> unreadableRest) {
    public UnitSummary {
        ignored = Collections.unmodifiableSortedMap(new TreeMap<>((Map<String, Long>) ignored));
    }
}
