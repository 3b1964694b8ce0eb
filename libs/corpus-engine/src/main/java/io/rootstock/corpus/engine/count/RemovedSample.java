package io.rootstock.corpus.engine.count;

import io.rootstock.corpus.Document;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;

/**
 * A removed document in a report.
 *
 * @param location file and place that it was read from
 * @param url its address; empty if unknown
 * @param reason rule that removed it
 * @param excerpt beginning of its text
 * @param duplicateOf the similar document that stays in its place: its number among the documents of all units in receipts,
 *     its location in reports; empty for other reasons
 */
public record RemovedSample(String location, String url, String reason, String excerpt, String duplicateOf) {
    /** Order by a hash of the location, which chooses samples: the first ones do not depend on workers. */
    static final Comparator<RemovedSample> ORDER = Comparator.<RemovedSample, Long>comparing(
                    sample -> hash(sample.location), Long::compareUnsigned)
            .thenComparing(RemovedSample::location)
            .thenComparing(RemovedSample::reason)
            .thenComparing(RemovedSample::excerpt)
            .thenComparing(RemovedSample::duplicateOf);

    private static final int EXCERPT_BYTES = 800;
    private static final int EXCERPT_CHARACTERS = 200;
    private static final long OFFSET_BASIS = 0xCBF29CE484222325L;
    private static final long PRIME = 0x100000001B3L;

    static RemovedSample of(Document document, String reason, String duplicateOf) {
        return new RemovedSample(document.location(), document.url(), reason, excerpt(document), duplicateOf);
    }

    /** Returns this sample with another name of the document that stays. */
    public RemovedSample withDuplicateOf(String changed) {
        return new RemovedSample(location, url, reason, excerpt, changed);
    }

    private static String excerpt(Document document) {
        byte[] utf8 = document.text().utf8();
        int end = Math.min(utf8.length, EXCERPT_BYTES);
        while (end > 0 && end < utf8.length && (utf8[end] & 0xC0) == 0x80) {
            end--;
        }
        String text = new String(utf8, 0, end, StandardCharsets.UTF_8);
        int count = text.codePointCount(0, text.length());
        return count <= EXCERPT_CHARACTERS ? text : text.substring(0, text.offsetByCodePoints(0, EXCERPT_CHARACTERS));
    }

    /** FNV-1a with the finaliser of MurmurHash3 (https://github.com/aappleby/smhasher). */
    static long hash(String location) {
        long hash = OFFSET_BASIS;
        for (int i = 0; i < location.length(); i++) {
            hash = (hash ^ location.charAt(i)) * PRIME;
        }
        hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
        hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return hash ^ (hash >>> 33);
    }
}
