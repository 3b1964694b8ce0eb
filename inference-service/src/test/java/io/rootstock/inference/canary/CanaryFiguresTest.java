package io.rootstock.inference.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.registry.v1.ReportCanaryFiguresRequest;
import org.junit.jupiter.api.Test;

class CanaryFiguresTest {
    @Test
    void aReportContainsAllRequestsSoFar() {
        CanaryFigures figures = new CanaryFigures();
        figures.main().answered(0.1);
        figures.main().answered(0.2);
        figures.canary().failed();
        ReportCanaryFiguresRequest first = figures.nextReport().build();
        assertThat(first.getSequence()).isEqualTo(1);
        assertThat(first.getMain().getRequests()).isEqualTo(2);
        assertThat(first.getMain().getFirstTokenCountsList()).containsExactly(1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L);
        assertThat(first.getCanary().getRequests()).isEqualTo(1);
        assertThat(first.getCanary().getFailed()).isEqualTo(1);
        figures.canary().answered(1e9);
        ReportCanaryFiguresRequest second = figures.nextReport().build();
        assertThat(second.getSeries()).isEqualTo(first.getSeries());
        assertThat(second.getSequence()).isEqualTo(2);
        assertThat(second.getMain()).isEqualTo(first.getMain());
        assertThat(second.getCanary().getFirstTokenCountsCount()).isEqualTo(200);
        assertThat(new CanaryFigures().nextReport().getSeries()).isNotEqualTo(first.getSeries());
    }

    @Test
    void scoresInQuickSuccessionAreSampled() {
        CanaryFigures figures = new CanaryFigures();
        for (int i = 0; i < 3; i++) {
            figures.score(() -> 0.5);
        }
        ReportCanaryFiguresRequest report = figures.nextReport().build();
        assertThat(report.getAgreement().getAnswers()).isBetween(1L, 3L);
        assertThat(report.getAgreement().getSum())
                .isCloseTo(0.5 * report.getAgreement().getAnswers(), within(1e-12));
        assertThat(report.getAgreement().getSumOfSquares())
                .isCloseTo(0.25 * report.getAgreement().getAnswers(), within(1e-12));
    }

    @Test
    void equalTextsAgreeAndOtherTextsByTheirCharacters() {
        assertThat(TextComparison.agreement("", "")).isEqualTo(1);
        assertThat(TextComparison.agreement("", "text")).isZero();
        // All characters agree, pairs and triples do not.
        assertThat(TextComparison.agreement("cbd", "bcd")).isCloseTo(1.0 / 3, within(1e-12));
    }
}
