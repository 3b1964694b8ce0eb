package io.rootstock.bench.emergence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private static final Map<Measure, Baseline> BASELINES = Map.of(Measure.BITS_PER_BYTE, new Baseline("Deflate", 3.5));

    @Test
    void rowErrorAndSeedErrorStayApart() {
        Summary summary = Summary.of(
                Measure.BLIMP,
                List.of(
                        point(Measure.BLIMP, 0.54, 0.02),
                        point(Measure.BLIMP, 0.56, 0.02),
                        point(Measure.BLIMP, 0.58, 0.02)));
        assertThat(summary.mean()).isCloseTo(0.56, within(1e-12));
        assertThat(summary.rowError()).isCloseTo(0.02, within(1e-12));
        assertThat(summary.seedError()).isCloseTo(0.02, within(1e-12));
        assertThat(summary.error()).isCloseTo(Math.sqrt(0.0004 + 0.0004 / 3), within(1e-12));
        assertThat(summary.outcome(Measure.BLIMP, Map.of())).isEqualTo(Outcome.BETTER);
    }

    @Test
    void anOutcomeNeedsADifferenceBeyondTheError() {
        assertThat(outcome(Measure.BLIMP, 0.53, 0.02)).isEqualTo(Outcome.NO_DIFFERENCE);
        assertThat(outcome(Measure.BLIMP, 0.43, 0.02)).isEqualTo(Outcome.WORSE);
        assertThat(outcome(Measure.BITS_PER_BYTE, 2.5, 0.1)).isEqualTo(Outcome.BETTER);
        assertThat(outcome(Measure.BITS_PER_BYTE, 4.5, 0.1)).isEqualTo(Outcome.WORSE);
        assertThat(outcome(Measure.SUMMARIES_LOGPROB, -4, 0.1)).isEqualTo(Outcome.NOT_COMPARED);
    }

    private static Outcome outcome(Measure measure, double value, double rowError) {
        return Summary.of(measure, List.of(point(measure, value, rowError))).outcome(measure, BASELINES);
    }

    private static Point point(Measure measure, double value, double rowError) {
        return new Point(2, 1, 1, 1, Map.of(measure, new Value(value, rowError)), Map.of(), Map.of());
    }
}
