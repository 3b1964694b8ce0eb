package io.rootstock.bench.finetunes;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.bench.base.LabelledRow;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final int ROWS = 40;

    @Test
    void accuraciesAreComparedByTheRowsThatOnlyOneSystemHasRight() {
        boolean[] base = new boolean[ROWS];
        boolean[] tuned = new boolean[ROWS];
        Arrays.fill(base, 0, 10, true);
        Arrays.fill(tuned, 0, 30, true);
        Comparison comparison =
                Comparison.ofAccuracy("sentiment_accuracy", "base", base, tuned).withBaseline("majority", 0.5);
        // 20 rows, all won by the fine-tune: 2 / 2^20.
        assertThat(comparison.line())
                .isEqualTo("sentiment_accuracy: base=0.2500 fine_tune=0.7500 difference=0.5000 p=1.9e-06"
                        + " majority=0.5000");
        assertThat(comparison.isBetter(0.01)).isTrue();
        assertThat(Comparison.ofAccuracy("sentiment_accuracy", "base", tuned, base)
                        .isBetter(0.01))
                .isFalse();
        assertThat(Comparison.ofAccuracy("sentiment_accuracy", "base", base, base)
                        .isBetter(0.01))
                .isFalse();
    }

    @Test
    void theLinearModelIsTrainedOnTheTrainingRows() {
        List<LabelledRow> train = IntStream.range(0, ROWS)
                .mapToObj(row -> row % 2 == 0
                        ? new LabelledRow("a dull film, number " + row, "0")
                        : new LabelledRow("a lovely film, number " + row, "1"))
                .toList();
        List<LabelledRow> test = List.of(
                new LabelledRow("dull", "0"), new LabelledRow("so lovely", "1"), new LabelledRow("lovely", "1"));
        LabelledRows rows = LabelledRows.of(train, test);
        assertThat(LabelledRows.right(rows.expected(), rows.linearClasses())).containsExactly(true, true, true);
        assertThat(rows.majority()).isEqualTo(2 / 3.0);
    }
}
