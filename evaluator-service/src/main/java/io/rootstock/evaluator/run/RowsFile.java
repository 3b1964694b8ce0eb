package io.rootstock.evaluator.run;

import io.rootstock.evaluation.task.score.RowRecord;
import io.rootstock.evaluation.task.score.RowRecords;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Row records of an evaluation as JSON lines. An existing file is replaced. */
final class RowsFile implements AutoCloseable {
    private final Writer writer;

    RowsFile(Path file) throws IOException {
        writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
    }

    void add(RowRecord row) throws IOException {
        writer.write(RowRecords.toJson(row));
        writer.write('\n');
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
