package io.rootstock.cli.score;

import io.rootstock.cli.error.CliException;
import io.rootstock.evaluation.metric.CorpusMetric;
import io.rootstock.evaluation.metric.WeightedRows;
import io.rootstock.evaluation.task.Metric;
import io.rootstock.evaluation.task.request.Expected;
import io.rootstock.evaluation.task.score.RowRecord;
import io.rootstock.evaluation.task.score.RowRecords;
import io.rootstock.evaluation.task.score.Score;
import io.rootstock.yaml.InvalidFileException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;

/** Row records of an evaluation in a file, as {@code rootstock eval rows --json} prints them. */
public final class RecordFile {
    private RecordFile() {}

    /**
     * A metric that the records have.
     *
     * @param name METRIC, or METRIC,PIPELINE
     * @param rows the scores of the rows
     */
    record StoredMetric(String name, WeightedRows rows) {
        /** The records do not hold the settings of their metrics. */
        String signature() {
            return "stored";
        }
    }

    /** Whether the first line of a .jsonl file is a record. */
    public static boolean isRecords(Path file) {
        if (!OutputText.plainName(file).endsWith(".jsonl")) {
            return false;
        }
        OutputText.requireReadable(file);
        try (BufferedReader reader = OutputText.reader(file)) {
            String line = reader.readLine();
            return line != null && line.startsWith("{\"task\":") && line.contains("\"requests_sha256\":");
        } catch (IOException e) {
            throw OutputText.failure(file, e);
        }
    }

    /** Returns the metrics of the records by task. */
    static SequencedMap<String, List<StoredMetric>> stored(Path file) {
        SequencedMap<String, SequencedMap<String, List<double[]>>> scores = new LinkedHashMap<>();
        read(file, row -> {
            SequencedMap<String, List<double[]>> ofTask =
                    scores.computeIfAbsent(row.task(), _ -> new LinkedHashMap<>());
            for (Map.Entry<String, Score> score : row.scores().entrySet()) {
                ofTask.computeIfAbsent(score.getKey(), _ -> new ArrayList<>()).add(new double[] {
                    score.getValue().value(), score.getValue().weight()
                });
            }
        });
        SequencedMap<String, List<StoredMetric>> metrics = new LinkedHashMap<>();
        scores.forEach((task, ofTask) -> {
            List<StoredMetric> stored = new ArrayList<>();
            ofTask.forEach((name, statistics) ->
                    stored.add(new StoredMetric(name, WeightedRows.of(new StoredAggregation(name), statistics))));
            metrics.put(task, stored);
        });
        if (metrics.values().stream().allMatch(List::isEmpty)) {
            throw new CliException(
                    "the records of " + file
                            + " hold no scores: metrics of generated texts and of classes are not stored",
                    "name metrics with --metric: --metric chrf,bleu for texts, --metric macro-f1 for classes");
        }
        return metrics;
    }

    /**
     * Returns texts with their references by task: generated texts, of which the first filter pipeline's counts, or the
     * predicted choices with the correct ones.
     *
     * @throws io.rootstock.yaml.InvalidFileException if a record has neither
     */
    static SequencedMap<String, List<ScoredRow>> outputs(Path file) {
        SequencedMap<String, List<ScoredRow>> outputs = new LinkedHashMap<>();
        long[] line = {0};
        read(file, row -> {
            line[0]++;
            ScoredRow output = output(row)
                    .orElseThrow(() -> new InvalidFileException(
                            file.toString(),
                            line[0],
                            "the record of task '" + row.task() + "' has no generated text and no choice to score",
                            "omit --metric: the scores of the other tasks are in their records"));
            outputs.computeIfAbsent(row.task(), _ -> new ArrayList<>()).add(output);
        });
        return outputs;
    }

    private static Optional<ScoredRow> output(RowRecord row) {
        return switch (row.expected()) {
            case Expected.References(List<String> references) ->
                row.predictions().values().stream()
                        .findFirst()
                        .map(text -> new ScoredRow(row.file(), row.line(), text, references));
            case Expected.Choice choice
            when row.prediction().isPresent() ->
                Optional.of(new ScoredRow(
                        row.file(),
                        row.line(),
                        choice.choices().get(row.prediction().getAsInt()),
                        choice.gold().stream().map(choice.choices()::get).toList()));
            case Expected.Choice _, Expected.Continuation _, Expected.Document _ -> Optional.empty();
        };
    }

    private static void read(Path file, Consumer<RowRecord> sink) {
        try (BufferedReader reader = OutputText.reader(file)) {
            long number = 0;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                if (!line.isBlank()) {
                    sink.accept(RowRecords.fromJson(line, file.toString(), number));
                }
            }
        } catch (IOException e) {
            throw OutputText.failure(file, e);
        }
    }

    /** Aggregation of the scores that records hold: statistics are a score and its weight. */
    private static final class StoredAggregation implements CorpusMetric {
        private final Optional<Metric> metric;

        /** @param name METRIC, or METRIC,PIPELINE; an unknown metric is averaged */
        StoredAggregation(String name) {
            int comma = name.indexOf(',');
            this.metric = Metric.of(comma < 0 ? name : name.substring(0, comma));
        }

        @Override
        public int size() {
            return 2;
        }

        @Override
        public double score(double[] sums) {
            double mean = sums[1] == 0 ? Double.NaN : sums[0] / sums[1];
            return metric.map(known -> known.aggregate(mean)).orElse(mean);
        }
    }
}
