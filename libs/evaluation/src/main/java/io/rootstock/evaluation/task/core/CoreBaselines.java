package io.rootstock.evaluation.task.core;

import io.rootstock.evaluation.task.DataFile;
import io.rootstock.evaluation.task.RowFormat;
import io.rootstock.evaluation.task.SuiteFiles;
import io.rootstock.evaluation.task.data.Row;
import io.rootstock.evaluation.task.data.RowReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chance accuracies of DCLM's {@code eval_meta_data.csv}. Its two versions differ: the version is part of each value.
 *
 * @param percents chance accuracy in percent by task
 * @param version v1 or v2
 */
public record CoreBaselines(Map<String, Double> percents, String version) {
    private static final String TASK = "Eval Task";
    private static final String BASELINE = "Random baseline";

    public CoreBaselines {
        percents = Map.copyOf(percents);
    }

    /**
     * Chance accuracy of a task.
     *
     * @param percent 0 to below 100
     * @param version version of the table
     */
    public record Baseline(double percent, String version) {}

    /**
     * Reads the table. A table whose commonsense_qa has 40.3 is version 2, one with 20 version 1.
     *
     * @throws io.rootstock.yaml.InvalidFileException if a column is missing or a baseline is not a percentage
     */
    public static CoreBaselines read(SuiteFiles files, String path) {
        DataFile file = new DataFile(List.of(path), new RowFormat.Delimited(',', List.of(), true), path, 1);
        Map<String, Double> percents = new HashMap<>();
        for (Row row : RowReader.read(files, file)) {
            if (row.fields().get(TASK) instanceof String task
                    && row.fields().get(BASELINE) instanceof Number percent
                    && percent.doubleValue() >= 0
                    && percent.doubleValue() < 100) {
                percents.put(task, percent.doubleValue());
                continue;
            }
            throw row.error(
                    "'" + TASK + "' or '" + BASELINE + "' is missing or not a percentage below 100",
                    "use eval_meta_data.csv of DCLM");
        }
        Double commonsense = percents.get("commonsense_qa");
        String version =
                commonsense == null ? "unknown" : commonsense == 40.3 ? "v2" : commonsense == 20 ? "v1" : "unknown";
        return new CoreBaselines(percents, version);
    }

    /** Returns the baseline of a task; empty if the table does not have the task. */
    public Optional<Baseline> of(String task) {
        return Optional.ofNullable(percents.get(task)).map(percent -> new Baseline(percent, version));
    }
}
