package io.rootstock.bench.data.cleaning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairedRunsTest {
    private static final Map<Side, String> DIGESTS = Map.of(Side.RAW, "sha256:1", Side.CLEANED, "sha256:2");

    @TempDir
    private Path folder;

    private static Point point(Side side, long seed, double bitsPerByte) {
        return new Point(side, seed, bitsPerByte, 3, 342, 700_416, 650_000, 3e-3, 40);
    }

    private static final List<Point> POINTS = List.of(
            point(Side.RAW, 2, 2.45),
            point(Side.CLEANED, 2, 2.40),
            point(Side.RAW, 1, 2.30),
            point(Side.CLEANED, 1, 2.20),
            point(Side.CLEANED, 3, 2.30),
            point(Side.ADAPTED, 3, 9.99),
            point(Side.RAW, 3, 2.35));

    /** Differences -0.10, -0.05 and -0.05: standard error sqrt(1/1200/3), quantile of Student's t with 2 degrees 4.3027. */
    @Test
    void theIntervalIsOfThePairedDifferencesByStudent() {
        PairedRuns runs = PairedRuns.of(Side.CLEANED, POINTS);
        assertThat(runs.pairs()).extracting(pair -> pair.raw().seed()).containsExactly(1L, 2L, 3L);
        assertThat(runs.rawMean()).isCloseTo(7.1 / 3, within(1e-12));
        assertThat(runs.cleanedMean()).isCloseTo(6.9 / 3, within(1e-12));
        assertThat(runs.difference().mean()).isCloseTo(-0.2 / 3, within(1e-12));
        double half = 4.302652729749464 / 60;
        assertThat(runs.interval().low()).isCloseTo(-0.2 / 3 - half, within(1e-9));
        assertThat(runs.interval().high()).isCloseTo(-0.2 / 3 + half, within(1e-9));
    }

    @Test
    void runsThatDifferInMoreThanTheCorpusAreRefused() {
        List<Point> longer = new ArrayList<>(POINTS);
        longer.set(1, new Point(Side.CLEANED, 2, 2.4, 3, 400, 819_200, 650_000, 3e-3, 40));
        assertThatThrownBy(() -> PairedRuns.of(Side.CLEANED, longer))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no cleaned run equals")
                .hasMessageContaining("seed=2");
        assertThatThrownBy(() -> PairedRuns.of(Side.CLEANED, POINTS.subList(1, 7)))
                .hasMessage("3 cleaned runs do not pair with 2 raw ones");
    }

    @Test
    void aFileKeepsTheRunsOfTheSameDatasetsAndBudget() throws IOException {
        Path path = folder.resolve("points.jsonl");
        PointFile.Header header = new PointFile.Header(DIGESTS, Setup.QUICK);
        PointFile file = PointFile.open(path, header, new ArrayList<>());
        for (Point point : POINTS) {
            file.add(point);
        }
        List<Point> points = new ArrayList<>();
        PointFile.open(path, header, points);
        assertThat(points).isEqualTo(POINTS);
        PointFile.Header other = new PointFile.Header(DIGESTS, Setup.WHOLE);
        assertThatThrownBy(() -> PointFile.open(path, other, points))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("choose another file");
    }

    @Test
    void argumentsAreParsedOrRefused() {
        assertThat(CleaningArguments.parse(List.of("--quick", "--points", "p.jsonl")))
                .isEqualTo(new CleaningArguments(true, Optional.of(Path.of("p.jsonl"))));
        assertThat(CleaningArguments.parse(List.of()).setup()).isEqualTo(Setup.WHOLE);
        assertThatThrownBy(() -> CleaningArguments.parse(List.of("--points"))).hasMessage("--points needs a file");
        assertThatThrownBy(() -> CleaningArguments.parse(List.of("--fast"))).hasMessage("unknown argument --fast");
    }
}
