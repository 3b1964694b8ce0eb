package io.rootstock.bench.data.cleaning;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Points as JSON lines after a line that identifies datasets and budget, so that an interrupted run continues. */
final class PointFile {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;

    private PointFile(Path file) {
        this.file = file;
    }

    /**
     * Identity of the measurement.
     *
     * @param datasets digest of each side's dataset
     */
    record Header(Map<Side, String> datasets, Setup setup) {
        Header {
            datasets = Map.copyOf(datasets);
        }
    }

    /**
     * Opens a file, or creates it.
     *
     * @param points receives the points of the file
     * @throws IllegalArgumentException if they were measured on other datasets or with another budget
     */
    static PointFile open(Path file, Header header, List<Point> points) throws IOException {
        if (!Files.exists(file)) {
            Files.writeString(file, JSON.writeValueAsString(header) + "\n", StandardOpenOption.CREATE_NEW);
            return new PointFile(file);
        }
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        Header found = lines.isEmpty() ? null : JSON.readValue(lines.removeFirst(), Header.class);
        if (!header.equals(found)) {
            throw new IllegalArgumentException(
                    file + " has points of " + found + ", and this run is " + header + "; choose another file");
        }
        for (String line : lines) {
            points.add(JSON.readValue(line, Point.class));
        }
        return new PointFile(file);
    }

    void add(Point point) throws IOException {
        Files.writeString(file, JSON.writeValueAsString(point) + "\n", StandardOpenOption.APPEND);
    }
}
