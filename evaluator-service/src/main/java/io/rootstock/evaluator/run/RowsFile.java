package io.rootstock.evaluator.run;

import io.rootstock.evaluation.contamination.ContaminatedRow;
import io.rootstock.evaluation.task.score.RowRecord;
import io.rootstock.evaluation.task.score.RowRecords;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Row records of an evaluation as JSON lines. An existing file is replaced. */
final class RowsFile implements AutoCloseable {
    private final Writer writer;

    RowsFile(Path file) throws IOException {
        writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
    }

    /** Adds a row, with its place in the training data if it was found there. */
    void add(RowRecord row, Optional<ContaminatedRow> found) throws IOException {
        writer.write(RowRecords.toJson(row, found));
        writer.write('\n');
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
