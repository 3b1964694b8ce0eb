package io.rootstock.registry.evaluation;

import com.google.protobuf.ByteString;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.evaluation.comparison.RecordMetric;
import io.rootstock.evaluation.comparison.ScoredRow;
import io.rootstock.evaluation.v1.ReadEvaluationRowsRequest;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads the row records of evaluations for clients. */
@ApplicationScoped
public class RowReading {
    private static final int CHUNK = 1 << 20;

    private final Evaluations evaluations;
    private final ArtifactStore store;
    private final RowWork work;

    /**
     * Creates the operation.
     *
     * @param work limits the readings that hold an index in memory
     */
    @Inject
    public RowReading(Evaluations evaluations, ArtifactStore store, RowWork work) {
        this.evaluations = evaluations;
        this.store = store;
        this.work = work;
    }

    /**
     * Sends the selected records to {@code lines}: whole lines, at most 1 MiB at once unless a single line is longer.
     *
     * @param lines may block; an exception ends the reading
     */
    public void read(ReadEvaluationRowsRequest request, Consumer<ByteString> lines) throws IOException {
        StoredRows rows = rows(request.getName(), "name");
        List<String> tasks = tasks(request, rows);
        Chunks chunks = new Chunks(lines);
        if (request.getFlippedAgainst().isEmpty()) {
            all(rows, tasks, chunks);
        } else {
            StoredRows other = rows(request.getFlippedAgainst(), "flipped_against");
            try (RowWork.Permit _ = work.begin()) {
                flipped(rows, other, tasks, chunks);
            }
        }
        chunks.end();
    }

    private StoredRows rows(String name, String field) {
        return StoredRows.of(evaluations.get(RequestNames.id(Evaluations.COLLECTION, name, field)), store);
    }

    private static List<String> tasks(ReadEvaluationRowsRequest request, StoredRows rows) {
        List<String> known = rows.tasks();
        for (int i = 0; i < request.getTasksCount(); i++) {
            if (!known.contains(request.getTasks(i))) {
                throw Errors.invalidArgument(
                        "tasks[" + i + "]",
                        "'" + request.getTasks(i) + "' is not a task of " + request.getName() + "; its tasks: "
                                + String.join(", ", known));
            }
        }
        return request.getTasksCount() == 0 ? known : request.getTasksList();
    }

    private static void all(StoredRows rows, List<String> tasks, Chunks chunks) throws IOException {
        boolean whole = tasks.equals(rows.tasks());
        try (RowLines lines = RowLines.open(rows.evaluation().getName(), rows.file())) {
            for (Optional<RowLines.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
                if (whole || tasks.contains(rows.row(line.get()).task())) {
                    chunks.add(line.get().bytes());
                }
            }
        }
    }

    /** Sends the rows whose first score differs, each with the other evaluation's record behind it. */
    private static void flipped(StoredRows rows, StoredRows other, List<String> tasks, Chunks chunks)
            throws IOException {
        Map<String, RecordMetric> metrics = new LinkedHashMap<>();
        for (String task : tasks) {
            List<String> first = rows.metrics(task);
            List<String> second = other.metrics(task);
            if (!first.isEmpty() && !second.isEmpty()) {
                requireSame(task, first.getFirst(), second.getFirst());
                metrics.put(task, metric(rows, first.getFirst()));
            }
        }
        if (metrics.isEmpty()) {
            throw Errors.invalidArgument(
                    "flipped_against",
                    other.evaluation().getName() + " has none of the tasks: " + String.join(", ", tasks));
        }
        try (RowIndex index = RowIndex.of(other, metrics);
                RowLines lines = RowLines.open(rows.evaluation().getName(), rows.file())) {
            for (Optional<RowLines.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
                ScoredRow row = rows.row(line.get());
                RecordMetric metric = metrics.get(row.task());
                Optional<RowIndex.Place> place = metric == null ? Optional.empty() : index.find(row.task(), row.row());
                if (place.isPresent()
                        && RowIndex.value(rows, metric, row) != place.get().value()) {
                    chunks.add(line.get().bytes());
                    chunks.add(index.read(place.get()));
                }
            }
        }
    }

    private static void requireSame(String task, String first, String second) {
        if (!first.equals(second)) {
            throw Errors.invalidArgument(
                    "flipped_against",
                    "task " + task + " is judged by " + first + " in one evaluation and by " + second
                            + " in the other; evaluate both with the same suite");
        }
    }

    private static RecordMetric metric(StoredRows rows, String name) {
        try {
            return RecordMetric.of(name);
        } catch (IllegalArgumentException e) {
            throw rows.corrupt(e.getMessage());
        }
    }

    private static final class Chunks {
        private final Consumer<ByteString> target;
        private final ByteString.Output chunk = ByteString.newOutput();

        Chunks(Consumer<ByteString> target) {
            this.target = target;
        }

        void add(byte[] line) {
            if (chunk.size() > 0 && chunk.size() + line.length + 1 > CHUNK) {
                end();
            }
            chunk.write(line, 0, line.length);
            chunk.write('\n');
        }

        void end() {
            if (chunk.size() > 0) {
                target.accept(chunk.toByteString());
                chunk.reset();
            }
        }
    }
}
