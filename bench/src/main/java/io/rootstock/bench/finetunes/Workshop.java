package io.rootstock.bench.finetunes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.bench.UserCommands;
import io.rootstock.evaluation.task.score.RowRecord;
import io.rootstock.evaluation.task.score.RowRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Commands that all recipes share, and a folder for their files. */
final class Workshop {
    static final String BASE = "smol";

    /** Data directory that is kept; models that it has are not trained again. */
    private static final String HOME = "ROOTSTOCK_BENCH_HOME";

    private static final JsonMapper JSON = new JsonMapper();

    private final UserCommands commands;
    private final Path folder;
    private final boolean quick;

    Workshop(UserCommands commands, boolean quick) throws IOException {
        this.commands = commands;
        this.folder = Files.createTempDirectory(commands.home(), "rows-");
        this.quick = quick;
    }

    /** Starts the services with a new data directory, or the one that {@value #HOME} names. */
    static UserCommands services(String name) throws IOException {
        String home = System.getenv(HOME);
        return home == null || home.isBlank() ? UserCommands.start(name) : UserCommands.in(Path.of(home));
    }

    /** A class and its probability. */
    record Predicted(String label, double probability) {}

    /** Returns the smaller number in a smoke test, whose results are not meaningful. */
    int rows(int usual, int few) {
        return quick ? few : usual;
    }

    void importBase(Path model) {
        if (!exists("models", "show", BASE)) {
            commands.run("models", "import", BASE, model.toString(), "--kind", "instruct");
        }
    }

    /**
     * Prepares a dataset of the recipe's name and fine-tunes an adapter, both with the defaults but for one epoch, and
     * promotes it. A model that the data directory has from an earlier run is used as it is.
     */
    void train(String name, String task, String... dataset) {
        String model = name + ":1";
        if (!exists("models", "show", model)) {
            commands.run(Stream.concat(
                            Stream.of("dataset", "prepare", name, "--kind", task, "--tokenizer", BASE),
                            Arrays.stream(dataset))
                    .toArray(String[]::new));
            commands.run(
                    "finetune",
                    "--task",
                    task,
                    "--base",
                    BASE,
                    "--dataset",
                    name,
                    "--model",
                    name,
                    "--method",
                    "lora",
                    "--epochs",
                    "1",
                    "--yes");
        }
        commands.run("models", "promote", model, "--wait");
    }

    private boolean exists(String... command) {
        try {
            commands.run(command);
            return true;
        } catch (IllegalStateException missing) {
            if (!missing.getMessage().contains("NOT_FOUND")) {
                throw missing;
            }
            return false;
        }
    }

    /** Writes lines to a file of the folder. */
    Path write(String name, List<String> lines) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, lines);
    }

    /** Writes records or maps as JSON Lines. */
    Path writeJson(String name, List<?> rows) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Object row : rows) {
            lines.add(JSON.writeValueAsString(row));
        }
        return write(name, lines);
    }

    /** Classifies the rows of a file, in their order. */
    List<Predicted> predict(String model, Path rows, String... options) throws IOException {
        Path output = folder.resolve(model + "-" + rows.getFileName() + "-predictions.jsonl");
        commands.run(Stream.concat(
                        Stream.of("predict", model, "--file", rows.toString(), "--output-file", output.toString()),
                        Arrays.stream(options))
                .toArray(String[]::new));
        List<Predicted> predicted = new ArrayList<>();
        for (String line : Files.readAllLines(output)) {
            JsonNode row = JSON.readTree(line);
            predicted.add(new Predicted(
                    row.required("predicted").asText(),
                    row.required("probability").asDouble()));
        }
        return predicted;
    }

    /** Creates a suite from a folder that {@link #write} filled, and returns its revision. */
    String createSuite(String name) throws IOException {
        String line = commands.run(
                "suites", "create", name, "--from", folder.resolve(name).toString(), "--json");
        return JSON.readTree(line).required("name").asText().substring("suites/".length());
    }

    /** Creates a built-in suite over a folder of row files, and returns its revision. */
    String createBuiltIn(String name, Path data) throws IOException {
        String line = commands.run("suites", "create", name, "--built-in", name, "--data", data.toString(), "--json");
        return JSON.readTree(line).required("name").asText().substring("suites/".length());
    }

    /** Evaluates the newest version of a model and returns the evaluation as JSON. */
    JsonNode evaluation(String model, String suite, String... options) throws IOException {
        JsonNode evaluation = JSON.nullNode();
        for (String line : commands.lines(
                Stream.concat(Stream.of("eval", "run", model, "--suite", suite, "--json"), Arrays.stream(options))
                        .toArray(String[]::new))) {
            JsonNode json = line.startsWith("{") ? JSON.readTree(line) : JSON.nullNode();
            evaluation = json.has("results") ? json : evaluation;
        }
        return evaluation;
    }

    /** Returns the row records of all tasks of an evaluation. */
    List<RowRecord> records(JsonNode evaluation) throws IOException {
        String name = evaluation.required("name").asText();
        List<RowRecord> records = new ArrayList<>();
        for (String line : commands.lines("eval", "rows", name.substring("evaluations/".length()), "--json")) {
            if (line.startsWith("{")) {
                records.add(RowRecords.fromJson(line, "rows of " + name, records.size() + 1L));
            }
        }
        return records;
    }

    /** Evaluates the newest version of a model and returns the row records of all tasks. */
    List<RowRecord> evaluate(String model, String suite) throws IOException {
        return records(evaluation(model, suite));
    }
}
