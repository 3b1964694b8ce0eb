package io.rootstock.bench.style;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PackageCyclesTest {
    @Test
    void countsComponentsNotPaths() {
        PackageCycles graph = PackageCycles.of(Map.of(
                "a", List.of("b"),
                "b", List.of("c", "a"),
                "c", List.of("a", "d"),
                "d", List.of("e"),
                "e", List.of("d"),
                "f", List.of("a")));
        assertThat(graph.cycles())
                .extracting(PackageCycles.Cycle::packages)
                .containsExactly(Set.of("a", "b", "c"), Set.of("d", "e"));
    }

    @Test
    void aTreeHasNone() {
        assertThat(PackageCycles.of(Map.of("a", List.of("b", "c"), "b", List.of("c")))
                        .cycles())
                .isEmpty();
    }
}
