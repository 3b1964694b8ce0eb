package io.rootstock.evaluation.statistic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values: SciPy 1.17.1, {@code fisher_exact(alternative="greater")}. */
class FisherExactTest {
    @ParameterizedTest
    @CsvSource({
        "3, 50, 0, 950, 0.00011795362496765303",
        "1, 50, 0, 950, 0.05",
        "6, 50, 6, 50, 0.6201967278854306",
        "12, 60, 90, 900, 0.01890190923341781",
        "0, 10, 0, 10, 1",
        "5, 5, 0, 5, 0.003968253968253969",
        "2, 100, 50, 1000, 0.959729705812344",
        "400, 1000, 300, 1000, 1.6858498536999674e-06",
        "30, 2000, 250, 38000, 7.851609810105258e-05"
    })
    void hasTheValuesOfSciPy(long successes, long rows, long otherSuccesses, long otherRows, double expected) {
        double p = FisherExact.greater(new Proportion(successes, rows), new Proportion(otherSuccesses, otherRows));
        assertThat(p).isCloseTo(expected, within(1e-9 * expected));
    }
}
