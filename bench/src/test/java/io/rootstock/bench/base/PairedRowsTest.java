package io.rootstock.bench.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests the rows that the base benchmark compares classifiers on, and the statistical comparison. */
final class PairedRowsTest {
    @Test
    void mcNemarIsTheExactBinomialTestOfRowsThatOneAloneHasRight() {
        McNemar twoOfTwelve = new McNemar(2, 10);
        assertThat(twoOfTwelve.p()).isCloseTo(2 * (1 + 12 + 66) / 4096.0, within(1e-12));
        assertThat(twoOfTwelve.firstIsWorse()).isTrue();
        assertThat(new McNemar(10, 2).firstIsWorse()).isFalse();
        assertThat(new McNemar(4, 8).firstIsWorse()).isFalse();
        assertThat(new McNemar(0, 0).p()).isEqualTo(1);
        assertThat(McNemar.of(List.of("a", "b", "c"), List.of("a", "b", "x"), List.of("a", "x", "c")))
                .isEqualTo(new McNemar(1, 1));
    }

    @Test
    void splitsAreDisjointExhaustiveAndAlwaysTheSame() {
        List<LabelledRow> rows = IntStream.range(0, 100)
                .mapToObj(row -> new LabelledRow("text " + row, row % 2 == 0 ? "even" : "odd"))
                .toList();
        Splits splits = Splits.divided(rows, 0.7, 0.1);
        List<LabelledRow> all = new ArrayList<>(splits.train());
        all.addAll(splits.validation());
        all.addAll(splits.test());
        assertThat(all).containsExactlyInAnyOrderElementsOf(rows);
        assertThat(List.of(
                        splits.train().size(),
                        splits.validation().size(),
                        splits.test().size()))
                .containsExactly(70, 10, 20);
        assertThat(Splits.divided(rows, 0.7, 0.1)).isEqualTo(splits);
        assertThat(splits.ofEachClass(3, 1, 1).train()).hasSize(6);
    }
}
