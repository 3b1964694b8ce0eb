package io.rootstock.bench.emergence;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Points as JSON lines after a line with the rows that they were measured on, so that an interrupted run continues. */
final class PointFile {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;

    private PointFile(Path file) {
        this.file = file;
    }

    /**
     * Opens a file, or creates it.
     *
     * @param points receives the points of the file
     * @throws IllegalArgumentException if they were measured on other rows
     */
    static PointFile open(Path file, RowCounts rows, Map<Version, Point> points) throws IOException {
        if (!Files.exists(file)) {
            Files.writeString(file, JSON.writeValueAsString(rows) + "\n", StandardOpenOption.CREATE_NEW);
            return new PointFile(file);
        }
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        if (lines.isEmpty()
                || !JSON.readValue(lines.removeFirst(), RowCounts.class).equals(rows)) {
            throw new IllegalArgumentException(
                    file + " has points of other rows than " + rows + "; choose another file");
        }
        for (String line : lines) {
            Point point = JSON.readValue(line, Point.class);
            points.put(point.version(), point);
        }
        return new PointFile(file);
    }

    void add(Point point) throws IOException {
        Files.writeString(file, JSON.writeValueAsString(point) + "\n", StandardOpenOption.APPEND);
    }
}
