package io.rootstock.bench.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.bench.Lifecycle;
import io.rootstock.bench.interop.TinyBase;
import io.rootstock.cli.Rootstock;
import io.rootstock.cli.installation.ProjectRoot;
import io.rootstock.cli.installation.Service;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.Task;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two versions are evaluated by the real services, compared, and promoted through gates. */
@Timeout(300)
@Tag("matrix")
class EvaluationIT {
    private static final List<String> COLOURS = List.of("red", "green", "blue", "white", "yellow");
    private static final List<String> THINGS = List.of("house", "river", "garden", "street", "ship", "tower", "field");
    private static final int ROWS = 40;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void versionsAreEvaluatedComparedAndPromotedThroughGates() throws Exception {
        Path root = ProjectRoot.find();
        for (Service service : Service.values()) {
            assumeThat(service.jar(root)).exists();
        }
        try (Lifecycle life = Lifecycle.start("evaluation", Map.of("rootstock.trainer.nice", "0"))) {
            String first = TinyBase.train(life);
            life.run(JobSpec.newBuilder()
                    .setTask(Task.TASK_PRETRAIN)
                    .setDataset("datasets/" + TinyBase.MODEL)
                    .setBase(first)
                    .setOutputModel("models/" + TinyBase.MODEL)
                    .setHyperparameters(Hyperparameters.newBuilder().setTokens(300_000))
                    .build());
            run(life, "suites", "create", "colours", "--from", suite().toString());

            run(life, "gates", "set", "tiny", "text", "--suite", "colours", "--task", "text", "--bound", "50");
            run(life, "gates", "set", "tiny", "gain", "--suite", "colours", "--task", "text", "--better-by", "0");
            assertThat(execute(life, "models", "promote", "tiny:1")).isEqualTo(1);
            assertThat(err.toString())
                    .contains(
                            "models/tiny/versions/1 fails a gate of models/tiny/aliases/production: text: tiny:1 is not"
                                    + " evaluated; run `rootstock eval run tiny:1 --suite colours/revisions/1`");

            run(life, "eval", "run", "tiny:1", "--suite", "colours");
            run(life, "models", "promote", "tiny:1");
            run(life, "eval", "run", "tiny:2", "--suite", "colours", "--against", "tiny:1");
            assertThat(out.toString()).contains("choice", "text", "answer", "bits_per_byte");
            run(life, "gates", "check", "tiny:2");
            run(life, "models", "promote", "tiny:2");
            assertThat(execute(life, "models", "promote", "tiny:1")).isEqualTo(1);
            assertThat(err.toString()).contains("gain: bits_per_byte");
            run(life, "models", "rollback", "tiny");
            run(life, "models", "promote", "tiny:2");

            List<String> evaluations = lines(life, "eval", "list", "--order-by", "create_time");
            assertThat(evaluations).hasSize(2);
            String baseline = id(evaluations.getFirst());
            String better = id(evaluations.getLast());
            List<String> rows = lines(life, "eval", "rows", better, "--task", "choice");
            assertThat(rows).hasSize(ROWS);
            Path page = folder.resolve("report.html");
            run(life, "eval", "report", baseline, better, "--to", page.toString());
            assertThat(page).content().contains("<svg", "bits_per_byte", "tiny:2");
            JsonNode comparison = new ObjectMapper()
                    .readTree(lines(life, "eval", "compare", baseline, better).getFirst());
            assertThat(comparison.path("tasks").path(1).path("task").asText()).isEqualTo("text");
            assertThat(comparison.at("/tasks/1/metrics/0/pValue").asDouble()).isLessThan(0.001);
            assertThat(comparison.at("/tasks/1/metrics/0/difference").asDouble())
                    .isNegative();
            rowsOfTheTrainingDataAreFound(life);
        }
    }

    /** The rows of the task text are the first sentences of the dataset, most of them in its training split. */
    private void rowsOfTheTrainingDataAreFound(Lifecycle life) throws IOException {
        run(life, "models", "rollback", "tiny");
        run(
                life,
                "gates",
                "set",
                "tiny",
                "unseen",
                "--suite",
                "colours",
                "--task",
                "text",
                "--max-contamination",
                "0.1");
        assertThat(execute(life, "models", "promote", "tiny:2")).isEqualTo(1);
        assertThat(err.toString())
                .contains("unseen: the training data of tiny:2 is not checked; run `rootstock eval run tiny:2 --suite"
                        + " colours/revisions/1 --check-contamination`");
        run(life, "eval", "run", "tiny:2", "--suite", "colours", "--tasks", "text", "--check-contamination");
        assertThat(out.toString()).contains("searched: datasets/tiny of tiny:2", "searched: datasets/tiny of tiny:1");
        assertThat(execute(life, "models", "promote", "tiny:2")).isEqualTo(1);
        assertThat(err.toString()).containsPattern("unseen: 3[0-9] of 40 rows are in the training data");
        String checked = id(lines(life, "eval", "list", "--limit", "1").getFirst());
        List<String> found = lines(life, "eval", "rows", checked, "--contaminated");
        assertThat(found).hasSizeBetween(30, ROWS);
        assertThat(new ObjectMapper()
                        .readTree(found.getFirst())
                        .at("/contaminated/dataset")
                        .asText())
                .isEqualTo("datasets/tiny");
        // A second search would not read the dataset again: the results of the first one are stored.
        assertThat(life.home().resolve("evaluator/contamination/results")).isNotEmptyDirectory();
    }

    /** A suite with a task of each kind of request on the sentences that the base has learned. */
    private Path suite() throws IOException {
        Path suite = Files.createDirectory(folder.resolve("suite"));
        Files.writeString(suite.resolve("suite.yaml"), """
                suite: colours
                tasks: [choice.yaml, text.yaml, answer.yaml]
                data:
                  choice: {test: choice.jsonl}
                  text: {test: text.jsonl}
                """);
        Files.writeString(suite.resolve("choice.yaml"), """
                task: choice
                dataset_path: choice
                test_split: test
                output_type: multiple_choice
                doc_to_text: "The ship with the number {{number}} is"
                doc_to_choice: ["red", "green", "blue", "white", "yellow"]
                doc_to_target: "{{label}}"
                metric_list: [{metric: acc}]
                """);
        Files.writeString(suite.resolve("text.yaml"), """
                task: text
                dataset_path: text
                test_split: test
                output_type: loglikelihood_rolling
                doc_to_text: ""
                doc_to_target: "{{text}}"
                metric_list: [{metric: bits_per_byte}]
                """);
        Files.writeString(suite.resolve("answer.yaml"), """
                task: answer
                dataset_path: choice
                test_split: test
                output_type: generate_until
                doc_to_text: "The ship with the number {{number}} is"
                doc_to_target: "{{colour}}"
                generation_kwargs: {until: ["."], max_gen_toks: 8, do_sample: false}
                metric_list: [{metric: exact_match}]
                """);
        write(
                suite.resolve("choice.jsonl"),
                i -> "{\"number\": %d, \"label\": %d, \"colour\": \"%s\"}"
                        .formatted(i, i % COLOURS.size(), COLOURS.get(i % COLOURS.size())));
        write(
                suite.resolve("text.jsonl"),
                i -> "{\"text\": \"The %s with the number %d is %s.\"}"
                        .formatted(THINGS.get(i % THINGS.size()), i, COLOURS.get(i % COLOURS.size())));
        return suite;
    }

    private static void write(Path file, IntFunction<String> row) throws IOException {
        Files.write(file, IntStream.range(0, ROWS).mapToObj(row).toList());
    }

    private static String id(String json) throws IOException {
        return new ObjectMapper().readTree(json).path("name").asText().replace("evaluations/", "");
    }

    /** The lines of JSON that a command prints. */
    private List<String> lines(Lifecycle life, String... command) {
        out.getBuffer().setLength(0);
        run(life, Stream.concat(Stream.of(command), Stream.of("--json")).toArray(String[]::new));
        return out.toString().lines().filter(line -> line.startsWith("{")).toList();
    }

    private void run(Lifecycle life, String... arguments) {
        assertThat(execute(life, arguments))
                .as(() -> String.join(" ", arguments) + "\n" + out + err)
                .isZero();
    }

    private int execute(Lifecycle life, String... arguments) {
        return Rootstock.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(Stream.concat(
                                Stream.of(arguments),
                                Service.withRpcs().stream()
                                        .flatMap(service -> Stream.of(
                                                "--" + service.label() + "-endpoint",
                                                life.clients().address(service))))
                        .toArray(String[]::new));
    }
}
