package io.rootstock.corpus.duplicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnionFindTest {
    private record Pair(int first, int second) {}

    @Test
    void theRootIsTheLeastIdOfAChain() {
        UnionFind components = new UnionFind(6);
        components.union(5, 4);
        components.union(3, 4);
        components.union(1, 3);
        assertThat(roots(components)).containsExactly(0, 1, 2, 1, 1, 1);
    }

    @Test
    void aLongChainInAnyDirectionHasOneRoot() {
        int size = 1 << 20;
        UnionFind up = new UnionFind(size);
        UnionFind down = new UnionFind(size);
        for (int id = 1; id < size; id++) {
            up.union(id, id - 1);
            down.union(size - id, size - id - 1);
        }
        assertThat(roots(up)).containsOnly(0);
        assertThat(roots(down)).containsOnly(0);
    }

    @Test
    void componentsEqualThoseOfRepeatedRelabellingInAnyOrder() {
        Random random = new Random(5);
        for (int round = 0; round < 100; round++) {
            int size = 1 + random.nextInt(60);
            List<Pair> pairs = new ArrayList<>();
            for (int i = random.nextInt(80); i > 0; i--) {
                pairs.add(new Pair(random.nextInt(size), random.nextInt(size)));
            }
            int[] expected = naive(size, pairs);
            for (int order = 0; order < 3; order++) {
                Collections.shuffle(pairs, random);
                UnionFind components = new UnionFind(size);
                pairs.forEach(pair -> components.union(pair.first, pair.second));
                assertThat(roots(components)).isEqualTo(expected);
            }
        }
    }

    @Test
    void anIdOutOfRangeIsRefused() {
        assertThatThrownBy(() -> new UnionFind(3).union(0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static int[] naive(int size, List<Pair> pairs) {
        int[] labels = new int[size];
        Arrays.setAll(labels, id -> id);
        for (int pass = 0; pass < size; pass++) {
            for (Pair pair : pairs) {
                int least = Math.min(labels[pair.first], labels[pair.second]);
                labels[pair.first] = least;
                labels[pair.second] = least;
            }
        }
        return labels;
    }

    private static int[] roots(UnionFind components) {
        int[] roots = new int[components.size()];
        Arrays.setAll(roots, components::find);
        return roots;
    }
}
