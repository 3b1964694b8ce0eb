package io.rootstock.corpus.engine.job;

import io.rootstock.corpus.Text;
import io.rootstock.corpus.duplicate.MinHash;
import io.rootstock.corpus.duplicate.MinHashParameters;
import io.rootstock.corpus.duplicate.UrlKey;
import io.rootstock.corpus.engine.fixture.Corpus.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The job of {@code Jobs.spec} with all duplicates, on lists and maps in memory. */
final class NaiveJob {
    private NaiveJob() {}

    static List<String> run(List<Row> rows, int mostDocuments) {
        List<Row> current = rows.stream()
                .filter(row -> row.text().length() >= 9)
                .map(row -> new Row(row.text().replaceAll("[0-9]", "#"), row.url()))
                .toList();
        Set<UrlKey> urls = new HashSet<>();
        current = current.stream()
                .filter(row -> UrlKey.of(row.url()).map(urls::add).orElse(true))
                .toList();
        Set<String> known = new HashSet<>();
        List<String> texts = current.stream().map(Row::text).filter(known::add).toList();
        return withoutSimilar(withoutLines(texts, mostDocuments));
    }

    private static List<String> withoutLines(List<String> texts, int mostDocuments) {
        Map<String, Long> counts = texts.stream()
                .flatMap(text ->
                        Stream.of(text.split("\n", -1)).map(String::strip).distinct())
                .collect(Collectors.groupingBy(line -> line, Collectors.counting()));
        List<String> left = new ArrayList<>();
        for (String text : texts) {
            StringBuilder kept = new StringBuilder();
            boolean removed = false;
            for (String line : text.split("(?<=\n)", -1)) {
                if (!line.isBlank() && counts.get(line.strip()) > mostDocuments) {
                    removed = true;
                } else {
                    kept.append(line);
                }
            }
            if (!removed || !kept.toString().isBlank()) {
                left.add(kept.toString());
            }
        }
        return left;
    }

    /** Labels all texts with the least number of a text that shares a band, until nothing changes. */
    private static List<String> withoutSimilar(List<String> texts) {
        List<Set<Long>> bands = texts.stream().map(NaiveJob::bands).toList();
        int[] labels = new int[texts.size()];
        Arrays.setAll(labels, i -> i);
        boolean changed = true;
        while (changed) {
            changed = false;
            Map<Long, Integer> least = new HashMap<>();
            for (int i = 0; i < labels.length; i++) {
                for (long band : bands.get(i)) {
                    least.merge(band, labels[i], Math::min);
                }
            }
            for (int i = 0; i < labels.length; i++) {
                for (long band : bands.get(i)) {
                    if (least.get(band) < labels[i]) {
                        labels[i] = least.get(band);
                        changed = true;
                    }
                }
            }
        }
        List<String> left = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] == i) {
                left.add(texts.get(i));
            }
        }
        return left;
    }

    private static Set<Long> bands(String text) {
        MinHash minHash = new MinHash(MinHashParameters.FINEWEB);
        long[] lanes = new long[MinHashParameters.FINEWEB.lanes()];
        long[] bands = new long[MinHashParameters.FINEWEB.bands()];
        if (!minHash.sign(Text.of(text), lanes)) {
            return Set.of();
        }
        minHash.bands(lanes, bands);
        return Arrays.stream(bands).boxed().collect(Collectors.toSet());
    }
}
