package io.rootstock.trainer.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RememberedFiguresTest {
    private static final String NAME = "processor, 2 threads";

    @TempDir
    Path home;

    private RememberedFigures<Double> figures;

    @BeforeEach
    void create() {
        figures = new RememberedFigures<>(home.resolve("machine.json"), Double.class);
    }

    @Test
    void anUndisturbedFigureIsMeasuredAgainAfterThirtyDays() {
        figures.put(NAME, measured(1.0, 0.95, Duration.ofDays(29)));
        assertThat(figures.get(NAME, measuring(2.0, 1))).isEqualTo(1.0);
        figures.put(NAME, measured(1.0, 0.95, Duration.ofDays(31)));
        assertThat(figures.get(NAME, measuring(2.0, 1))).isEqualTo(2.0);
        assertThat(new RememberedFigures<>(home.resolve("machine.json"), Double.class).known(NAME))
                .hasValue(2.0);
    }

    @Test
    void aDisturbedFigureIsMeasuredAgainAfterTenMinutes() {
        assertThat(figures.get(NAME, measuring(1.0, 0.4))).isEqualTo(1.0);
        assertThat(figures.get(NAME, measuring(2.0, 1))).isEqualTo(1.0);
        figures.put(NAME, measured(1.0, 0.4, Duration.ofMinutes(11)));
        assertThat(figures.get(NAME, measuring(2.0, 1))).isEqualTo(2.0);
        assertThat(figures.get(NAME, measuring(3.0, 1))).isEqualTo(2.0);
    }

    @Test
    void aMoreDisturbedMeasurementDoesNotReplaceABetterOne() {
        figures.put(NAME, measured(1.0, 0.95, Duration.ofDays(31)));
        assertThat(figures.get(NAME, measuring(9.0, 0.2))).isEqualTo(1.0);
        // The next measurement is due after ten minutes.
        assertThat(figures.get(NAME, measuring(2.0, 0.92))).isEqualTo(1.0);
        figures.put(NAME, measured(1.0, 0.5, Duration.ofMinutes(11)));
        assertThat(figures.get(NAME, measuring(9.0, 0.2))).isEqualTo(1.0);
        assertThat(figures.get(NAME, measuring(8.0, 0.6))).isEqualTo(1.0);
    }

    @Test
    void aFileOfAnEarlierFormatIsMeasuredAgain() throws Exception {
        Files.writeString(home.resolve("machine.json"), "{\"" + NAME + "\":1.0}");
        assertThat(figures.known(NAME)).isEmpty();
        assertThat(figures.get(NAME, measuring(2.0, 1))).isEqualTo(2.0);
    }

    private static Supplier<Measurement<Double>> measuring(double value, double freeShare) {
        return () -> measured(value, freeShare, Duration.ZERO);
    }

    private static Measurement<Double> measured(double value, double freeShare, Duration age) {
        return new Measurement<>(value, freeShare, System.currentTimeMillis() - age.toMillis());
    }
}
