package io.rootstock.tokenizer.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StratifiedSplitTest {
    @Test
    void classesAreInProportionAndSizesAreExact() {
        assertThat(counts(Map.of("a", 700, "b", 200, "c", 100), 100, 200))
                .containsEntry("a", List.of(490, 70, 140))
                .containsEntry("b", List.of(140, 20, 40))
                .containsEntry("c", List.of(70, 10, 20));
    }

    @Test
    void rareClassesAreInEverySplitThatHasRoomForAll() {
        Map<String, List<Integer>> counts = counts(Map.of("common", 194, "two", 2, "three", 3, "one", 1), 10, 10);
        assertThat(counts)
                .containsEntry("one", List.of(1, 0, 0))
                .containsEntry("two", List.of(1, 1, 0))
                .containsEntry("three", List.of(1, 1, 1))
                .containsEntry("common", List.of(177, 8, 9));
    }

    @Test
    void smallSplitsTakeTheLargestRemainders() {
        Map<String, Integer> classes = new TreeMap<>();
        for (int i = 0; i < 20; i++) {
            classes.put("c" + (char) ('a' + i), 10);
        }
        Map<String, List<Integer>> counts = counts(classes, 10, 10);
        assertThat(counts.values().stream().mapToInt(row -> row.get(1)).sum()).isEqualTo(10);
        assertThat(counts.values())
                .allSatisfy(row -> assertThat(row.get(1) + row.get(2)).isEqualTo(1));
    }

    @Test
    void aClassKeepsARowForTraining() {
        Map<String, List<Integer>> counts = counts(Map.of("a", 1, "b", 1, "c", 2), 1, 2);
        assertThat(counts)
                .containsEntry("a", List.of(1, 0, 0))
                .containsEntry("b", List.of(1, 0, 0))
                .containsEntry("c", List.of(1, 1, 0));
    }

    @Test
    void manyClassesAreAssignedQuickly() {
        Map<String, Integer> classes = new TreeMap<>();
        for (int i = 0; i < 50_000; i++) {
            classes.put("c" + i, 1 + i % 5);
        }
        Map<String, List<Integer>> counts = counts(classes, 7_000, 7_000);
        assertThat(counts.values().stream().mapToInt(row -> row.get(2)).sum()).isEqualTo(7_000);
    }

    /** Rows of each class in train, validation and test. */
    private static Map<String, List<Integer>> counts(Map<String, Integer> classes, int validation, int test) {
        List<String> labels = new ArrayList<>();
        new TreeMap<>(classes).forEach((label, count) -> labels.addAll(Collections.nCopies(count, label)));
        List<String> names = List.copyOf(new TreeMap<>(classes).keySet());
        List<SplitName> splits = new ArrayList<>(Collections.nCopies(labels.size(), SplitName.TRAIN));
        StratifiedSplit.assign(
                labels.size(),
                names.size(),
                row -> Collections.binarySearch(names, labels.get(row)),
                validation,
                test,
                splits::set);
        Map<String, List<Integer>> counts = new TreeMap<>();
        for (int row = 0; row < labels.size(); row++) {
            List<Integer> ofLabel = counts.computeIfAbsent(labels.get(row), label -> new ArrayList<>(List.of(0, 0, 0)));
            int split = List.of(SplitName.values()).indexOf(splits.get(row));
            ofLabel.set(split, ofLabel.get(split) + 1);
        }
        return counts;
    }
}
