package io.rootstock.cli.demo;

import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.MetricResult;
import io.rootstock.files.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The suite of the demo: bits per byte of held-out text, and streams for held-out requests.
 *
 * @param folder folder with suite.yaml, the task files and the row files
 * @param gzipBitsPerByte bits per byte of the held-out text with gzip -9
 */
record DemoSuite(Path folder, double gzipBitsPerByte) {
    /** Rows of each task that are evaluated, the first ones. */
    static final int LIMIT = 100;

    private static final String ANSWER_TASK = "stream";
    private static final String ANSWER_METRIC = "exact_match";
    private static final double HALF = 0.5;
    private static final String TEXT_TASK = "held_out_text";
    private static final String TEXT_METRIC = "bits_per_byte";

    private static final List<String> SUITE_FILES = List.of("suite.yaml", TEXT_TASK + ".yaml", ANSWER_TASK + ".yaml");

    /** Writes the files of the suite below the corpus. */
    static DemoSuite write(DemoCorpus corpus, Gzip.Size gzip) {
        Path folder = corpus.directory().resolve("suite");
        try {
            Files.createDirectories(folder);
            for (String file : SUITE_FILES) {
                try (InputStream text = Objects.requireNonNull(DemoSuite.class.getResourceAsStream("suite/" + file))) {
                    write(folder.resolve(file), text);
                }
            }
            for (Map.Entry<String, Path> rows : Map.of(
                            "held-out.jsonl",
                            corpus.heldOutDocuments(),
                            "streams.jsonl",
                            corpus.streams(DemoSplit.TEST))
                    .entrySet()) {
                try (InputStream content = Files.newInputStream(rows.getValue())) {
                    write(folder.resolve(rows.getKey()), content);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot write the suite of the demo in " + folder, failure);
        }
        return new DemoSuite(folder, gzip.bitsPerByte());
    }

    /** The gate of the base: below gzip's bits per byte. */
    DemoEvaluation.Bound textGate() {
        return new DemoEvaluation.Bound("text", TEXT_TASK, TEXT_METRIC, gzipBitsPerByte, "gzip -9");
    }

    /** The gate of the instruction fine-tune: more than half of the answers are right. */
    static DemoEvaluation.Bound answerGate() {
        return new DemoEvaluation.Bound("answers", ANSWER_TASK, ANSWER_METRIC, HALF, "half of the answers");
    }

    /** Share of the answers of an evaluated version that equal the expected ones. */
    static double exactMatch(Evaluation evaluation) {
        return evaluation.getResultsList().stream()
                .filter(task -> task.getTask().equals(ANSWER_TASK))
                .flatMap(task -> task.getMetricsList().stream())
                .filter(metric -> metric.getMetric().equals(ANSWER_METRIC))
                .mapToDouble(MetricResult::getValue)
                .findFirst()
                .orElseThrow();
    }

    private static void write(Path file, InputStream content) throws IOException {
        AtomicFile.write(file, channel -> content.transferTo(Channels.newOutputStream(channel)));
    }
}
