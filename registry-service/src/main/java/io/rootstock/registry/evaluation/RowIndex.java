package io.rootstock.registry.evaluation;

import io.rootstock.evaluation.comparison.EvaluationScores;
import io.rootstock.evaluation.comparison.RecordMetric;
import io.rootstock.evaluation.comparison.ScoredRow;
import io.rootstock.service.Errors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The values of an evaluation's rows with the places of their records. Holds about 100 bytes per row. */
final class RowIndex implements AutoCloseable {
    private final FileChannel file;
    private final Map<String, Map<Integer, Place>> tasks = new HashMap<>();

    private RowIndex(FileChannel file) {
        this.file = file;
    }

    /**
     * A record.
     *
     * @param value value of the row in the first metric of its task
     */
    record Place(double value, long offset, int length) {}

    /**
     * Indexes the rows of some tasks.
     *
     * @param metrics first metric of each task
     */
    static RowIndex of(StoredRows rows, Map<String, RecordMetric> metrics) throws IOException {
        RowIndex index = new RowIndex(FileChannel.open(rows.file(), StandardOpenOption.READ));
        try {
            index.read(rows, metrics);
            return index;
        } catch (IOException | RuntimeException e) {
            index.close();
            throw e;
        }
    }

    private void read(StoredRows rows, Map<String, RecordMetric> metrics) throws IOException {
        int count = 0;
        try (RowLines lines = RowLines.open(rows.evaluation().getName(), rows.file())) {
            for (Optional<RowLines.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
                ScoredRow row = rows.row(line.get());
                RecordMetric metric = metrics.get(row.task());
                if (metric == null) {
                    continue;
                }
                count++;
                if (count > EvaluationScores.MAX_ROWS) {
                    throw Errors.failedPrecondition(
                            "TOO_MANY_ROWS",
                            rows.evaluation().getName() + " has more than " + EvaluationScores.MAX_ROWS
                                    + " rows in these tasks; name fewer tasks");
                }
                tasks.computeIfAbsent(row.task(), _ -> new HashMap<>())
                        .put(
                                row.row(),
                                new Place(
                                        value(rows, metric, row),
                                        line.get().offset(),
                                        line.get().bytes().length));
            }
        }
    }

    /** Returns the value of a row; DATA_LOSS if its record lacks it. */
    static double value(StoredRows rows, RecordMetric metric, ScoredRow row) {
        try {
            return metric.value(row);
        } catch (IllegalArgumentException e) {
            throw rows.corrupt(e.getMessage());
        }
    }

    /** Returns the place of a row; empty if the evaluation does not have it. */
    Optional<Place> find(String task, int row) {
        return Optional.ofNullable(tasks.getOrDefault(task, Map.of()).get(row));
    }

    /** Reads a record. */
    byte[] read(Place place) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(place.length());
        while (bytes.hasRemaining()) {
            if (file.read(bytes, place.offset() + bytes.position()) < 0) {
                throw new IOException("the file ends before byte " + (place.offset() + place.length()));
            }
        }
        return bytes.array();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
