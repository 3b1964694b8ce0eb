package io.rootstock.inference.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.inference.engine.scheduling.Output;
import io.rootstock.inference.metrics.VersionFigures.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

class VersionFiguresTest {
    private static final VersionFigures.Meters NO_OP = new VersionFigures.Meters() {
        @Override
        public void finished(int tokens, double firstTokenSeconds, double totalSeconds) {}

        @Override
        public void failed() {}
    };

    private final VersionFigures figures = new VersionFigures(_ -> NO_OP);

    private static Output.End text(int tokens, double firstToken, double total) {
        return new Output.End(Output.Reason.LENGTH, 5, tokens, 0, firstToken, total, "", List.of());
    }

    @Test
    void answersAndShadowCopiesAreCountedSeparately() {
        figures.finished(Role.ANSWER, text(10, 20, 100));
        figures.finished(Role.ANSWER, text(20, 40, 300));
        figures.finished(Role.SHADOW, text(7, 1, 2));
        figures.failed(Role.SHADOW, new IllegalStateException("no"));
        assertThat(figures.of(Role.ANSWER)).isEqualTo(new VersionFigures.Snapshot(2, 0, 30, 30, 200));
        assertThat(figures.of(Role.SHADOW)).isEqualTo(new VersionFigures.Snapshot(1, 1, 7, 1, 2));
    }

    @Test
    void threeConsecutiveFailuresStopTheVersionPermanently() {
        figures.failed(Role.SHADOW, new IllegalStateException("first"));
        figures.failed(Role.ANSWER, new IllegalStateException("second"));
        figures.finished(Role.ANSWER, text(1, 1, 1));
        figures.failed(Role.ANSWER, new IllegalStateException("third"));
        figures.failed(Role.ANSWER, new IllegalStateException("fourth"));
        assertThat(figures.stopReason()).isEmpty();
        figures.failed(Role.SHADOW, new IllegalStateException("fifth"));
        assertThat(figures.stopReason()).isEqualTo("3 consecutive requests failed, the last with: fifth");
        figures.finished(Role.ANSWER, text(1, 1, 1));
        assertThat(figures.stopReason()).isNotEmpty();
    }
}
