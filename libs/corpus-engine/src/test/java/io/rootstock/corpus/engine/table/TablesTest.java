package io.rootstock.corpus.engine.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TablesTest {
    @Test
    void keysAreNumberedByFirstOccurrence() {
        Random random = new Random(1);
        long[] halves = random.longs(150).toArray();
        KeyTable table = new KeyTable();
        Map<List<Long>, Integer> expected = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            long high = halves[random.nextInt(halves.length)];
            long low = halves[random.nextInt(halves.length)];
            int number = expected.computeIfAbsent(List.of(high, low), key -> expected.size());
            assertThat(table.add(high, low)).isEqualTo(number);
            assertThat(table.high(number)).isEqualTo(high);
            assertThat(table.low(number)).isEqualTo(low);
        }
        assertThat(table.size()).isEqualTo(expected.size()).isGreaterThan(10_000);
    }

    @Test
    void representativesOfAHashAreListedInOrder() {
        Random random = new Random(2);
        long[] hashes = random.longs(400).toArray();
        BandTable table = new BandTable(1000);
        Map<Long, List<Integer>> expected = new HashMap<>();
        for (int document = 0; document < 1000; document++) {
            long hash = hashes[random.nextInt(hashes.length)];
            table.add(hash, document);
            expected.computeIfAbsent(hash, key -> new ArrayList<>()).add(document);
        }
        for (long hash : hashes) {
            List<Integer> documents = new ArrayList<>();
            for (int i = table.first(hash); i != BandTable.NONE; i = table.next(i)) {
                documents.add(table.document(i));
            }
            assertThat(documents).isEqualTo(expected.getOrDefault(hash, List.of()));
        }
    }
}
