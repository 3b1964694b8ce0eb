package io.rootstock.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.cli.demo.BaseSize.Candidate;
import java.util.List;
import org.junit.jupiter.api.Test;

class BaseSizeTest {
    /** Parameters with a vocabulary of 4,096, and six FLOPs for each and a token. */
    private static final List<Candidate> BASES =
            List.of(new Candidate(2, 0.9e6, 5.4e6), new Candidate(3, 2.0e6, 12e6), new Candidate(4, 3.9e6, 23.4e6));

    @Test
    void theDepthGrowsWithTheBudget() {
        double seconds = 115;
        assertThat(BaseSize.depth(BASES, 150e9 * seconds)).isEqualTo(2);
        assertThat(BaseSize.depth(BASES, 1e12 * seconds)).isEqualTo(3);
        assertThat(BaseSize.depth(BASES, 20e12 * seconds)).isEqualTo(4);
    }

    @Test
    void theDepthIsTheLargestWithEnoughTokensForEachParameter() {
        double enough = BaseSize.MIN_TOKENS_PER_PARAMETER * 2.0e6 * 12e6;
        assertThat(BaseSize.depth(BASES, enough)).isEqualTo(3);
        assertThat(BaseSize.depth(BASES, 0.99 * enough)).isEqualTo(2);
    }

    @Test
    void aTinyBudgetTrainsTheSmallestBase() {
        assertThat(BaseSize.depth(BASES, 1)).isEqualTo(2);
    }
}
