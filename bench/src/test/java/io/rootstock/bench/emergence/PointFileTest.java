package io.rootstock.bench.emergence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PointFileTest {
    @TempDir
    private Path folder;

    @Test
    void anInterruptedRunFindsItsPoints() throws IOException {
        Path path = folder.resolve("points.jsonl");
        Point first = new Point(
                2,
                650_000,
                1,
                100_000,
                Map.of(Measure.BLIMP, new Value(0.53, 0.02), Measure.INDUCTION, new Value(0.1, Double.NaN)),
                Map.of("islands", 0.4),
                Map.of(1, 0.2));
        Point second = new Point(4, 3_600_000, 2, 200_000, Map.of(), Map.of(), Map.of());
        Map<Version, Point> points = new HashMap<>();
        PointFile.open(path, RowCounts.QUICK, points).add(first);
        PointFile.open(path, RowCounts.QUICK, new HashMap<>()).add(second);
        PointFile.open(path, RowCounts.QUICK, points);
        assertThat(points)
                .containsOnly(
                        Map.entry(new Version(2, 1, 100_000), first), Map.entry(new Version(4, 2, 200_000), second));
        assertThatThrownBy(() -> PointFile.open(path, RowCounts.ALL, points))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other rows");
    }
}
