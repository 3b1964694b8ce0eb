package io.rootstock.bench.data.cleaning;

import io.rootstock.bench.data.cleaning.PlantedDocument.Inserted;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Junk and clean text that cleaning removed, by the truth of the planting.
 *
 * @param junk by kind
 * @param clean by origin
 */
record Removal(Map<JunkKind, Amount> junk, Map<String, Amount> clean) {
    Removal {
        junk = Map.copyOf(junk);
        clean = Map.copyOf(clean);
    }

    /**
     * UTF-8 bytes before and after cleaning.
     *
     * @param before bytes in the raw corpus
     * @param left bytes in the cleaned corpus
     */
    record Amount(long before, long left) {
        Amount plus(Amount other) {
            return new Amount(before + other.before, left + other.left);
        }

        /** Share of the bytes that was removed. */
        double removed() {
            return before == 0 ? 0 : (double) (before - left) / before;
        }
    }

    /**
     * Compares the cleaned documents with the planted ones. Inserted junk is left if it occurs in the cleaned text as often as
     * before; the rest of a clean text's document counts as clean, up to its clean bytes. A document that is junk as a whole is
     * left with all bytes of its cleaned text.
     *
     * @param survivors cleaned texts by number of the document
     */
    static Removal of(List<PlantedDocument> documents, Map<Integer, String> survivors) {
        Map<JunkKind, Amount> junk = new EnumMap<>(JunkKind.class);
        Map<String, Amount> clean = new HashMap<>();
        for (int number = 0; number < documents.size(); number++) {
            PlantedDocument document = documents.get(number);
            String survivor = survivors.getOrDefault(number, "");
            long bytes = PlantedDocument.bytes(survivor);
            if (document.junk().isPresent()) {
                Amount amount = new Amount(document.bytes(), Math.min(bytes, document.bytes()));
                junk.merge(document.junk().get(), amount, Amount::plus);
                continue;
            }
            for (Map.Entry<Inserted, Long> inserted : counts(document).entrySet()) {
                long size = inserted.getKey().bytes();
                long left = Math.min(
                        inserted.getValue(),
                        occurrences("\n" + survivor + "\n", inserted.getKey().text()));
                junk.merge(inserted.getKey().kind(), new Amount(size * inserted.getValue(), size * left), Amount::plus);
                bytes -= size * left;
            }
            Amount amount = new Amount(document.cleanBytes(), Math.clamp(bytes, 0, document.cleanBytes()));
            clean.merge(document.origin(), amount, Amount::plus);
        }
        return new Removal(junk, clean);
    }

    private static Map<Inserted, Long> counts(PlantedDocument document) {
        return document.inserted().stream().collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private static long occurrences(String text, String part) {
        long count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    Amount allJunk() {
        return sum(junk);
    }

    /** All clean text. */
    Amount allClean() {
        return sum(clean);
    }

    private static Amount sum(Map<?, Amount> amounts) {
        return amounts.values().stream().reduce(new Amount(0, 0), Amount::plus);
    }

    /** Returns the rows of a table: what it is, bytes before, bytes left. */
    Map<String, Amount> rows() {
        Map<String, Amount> rows = new LinkedHashMap<>();
        for (JunkKind kind : JunkKind.values()) {
            rows.put(kind.label(), junk.getOrDefault(kind, new Amount(0, 0)));
        }
        rows.put("all junk", allJunk());
        new TreeMap<>(clean).forEach((origin, amount) -> rows.put("clean text: " + origin, amount));
        rows.put("all clean text", allClean());
        return rows;
    }
}
