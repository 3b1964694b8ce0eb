package io.rootstock.evaluation.metric.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.evaluation.metric.WeightedRows;
import java.util.List;
import org.junit.jupiter.api.Test;

class LikelihoodTest {
    @Test
    void aUniformModelHasThePerplexityOfItsVocabulary() {
        Likelihood uniform = new Likelihood(10 * Math.log(256), 10, 10);
        assertThat(LikelihoodMetric.PERPLEXITY.of(uniform)).isCloseTo(256, within(1e-9));
        assertThat(LikelihoodMetric.BITS_PER_BYTE.of(uniform)).isCloseTo(8, within(1e-12));
        assertThat(LikelihoodMetric.NATS_PER_TOKEN.of(uniform)).isCloseTo(Math.log(256), within(1e-12));
    }

    @Test
    void sumsAreDividedOnce() {
        Likelihood first = new Likelihood(2, 2, 4);
        Likelihood second = new Likelihood(6, 1, 2);
        assertThat(LikelihoodMetric.NATS_PER_TOKEN.of(first.plus(second))).isCloseTo(8.0 / 3, within(1e-12));
        WeightedRows rows =
                WeightedRows.of(LikelihoodMetric.BITS_PER_BYTE, List.of(first.statistics(), second.statistics()));
        assertThat(rows.score()).isCloseTo(8 / Math.log(2) / 6, within(1e-12));
        assertThat(rows.score(new int[] {0, 2})).isCloseTo(12 / Math.log(2) / 4, within(1e-12));
        assertThat(rows.score(new int[2])).isNaN();
    }

    @Test
    void refusesNegativeValuesAndWrongStatistics() {
        assertThatThrownBy(() -> new Likelihood(-1, 1, 1))
                .hasMessage("likelihood of -1.0 nats, 1 tokens, 1 bytes: a value is negative or NaN");
        assertThatThrownBy(() -> WeightedRows.of(LikelihoodMetric.PERPLEXITY, List.of(new double[2])))
                .hasMessage("row 0 has 2 statistics instead of 3");
    }
}
