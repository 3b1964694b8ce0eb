package io.rootstock.cli.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.cli.Rootstock;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class OptionNamesTest {
    private static List<String> lines(Map<String, String> fields, String... command) {
        CommandLine line =
                Rootstock.commandLine(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()));
        for (String name : command) {
            line = line.getSubcommands().get(name);
        }
        return new OptionNames(line.getCommandSpec())
                .apply(new ErrorReport("INVALID_ARGUMENT", "", "refused", fields, ""))
                .lines();
    }

    @Test
    void fieldsBecomeOptions() {
        assertThat(lines(Map.of("spec.hyperparameters.learning_rate", "must be above 0"), "finetune"))
                .contains("  --learning-rate: must be above 0");
        assertThat(lines(Map.of("spec.hyperparameters.lora.rank", "must be above 0"), "finetune"))
                .contains("  --lora-rank: must be above 0");
        assertThat(lines(Map.of("spec.hyperparameters.warmup_fraction", "must be at most 1"), "finetune"))
                .contains("  --warmup: must be at most 1");
        assertThat(lines(Map.of("source_digests[1]", "is damaged"), "tokenizer", "train"))
                .contains("  --file: is damaged");
    }

    @Test
    void fieldsOfListElementsKeepTheirName() {
        assertThat(lines(Map.of("sources[0].weight", "must be 0 or more"), "dataset", "prepare"))
                .contains("  --file weight: must be 0 or more");
    }

    @Test
    void elementsOfOptionsAndArgumentsAreNamedByThem() {
        assertThat(lines(Map.of("principal.grants[0].prefix", "is invalid"), "users", "create"))
                .contains("  --grant prefix: is invalid");
        assertThat(lines(Map.of("principal.name", "is invalid"), "users", "create"))
                .contains("  NAME: is invalid");
        assertThat(lines(Map.of("added[1].prefix", "is invalid"), "users", "grant"))
                .contains("  GRANT prefix: is invalid");
        assertThat(lines(Map.of("principal", "is invalid"), "access-tokens", "create"))
                .contains("  --for: is invalid");
        assertThat(lines(Map.of("name", "is invalid"), "access-tokens", "rotate"))
                .contains("  ID: is invalid");
    }

    @Test
    void fieldsOfEvaluationsBecomeOptionsAndArguments() {
        assertThat(lines(Map.of("spec.version", "not found"), "eval", "run")).contains("  MODEL: not found");
        assertThat(lines(Map.of("spec.suite", "not found"), "eval", "run")).contains("  --suite: not found");
        assertThat(lines(Map.of("spec.shots", "must be at most 100"), "eval", "run"))
                .contains("  --shots: must be at most 100");
        assertThat(lines(Map.of("files[0].path", "is invalid"), "suites", "create"))
                .contains("  --from path: is invalid");
        assertThat(lines(Map.of("first", "has not succeeded"), "eval", "compare"))
                .contains("  EVALUATION1: has not succeeded");
        assertThat(lines(Map.of("tasks[1]", "is not a task"), "eval", "rows")).contains("  --task: is not a task");
        assertThat(lines(Map.of("spec.tasks[0]", "is not a task"), "eval", "run"))
                .contains("  --tasks: is not a task");
        assertThat(lines(Map.of("flipped_against", "not found"), "eval", "rows"))
                .contains("  --flipped: not found");
    }

    @Test
    void textsNameOptionsAndTheirValues() {
        assertThat(lines(Map.of("sources", "1 row is refused, maximum_refused_rows is 0"), "dataset", "prepare"))
                .contains("  --file: 1 row is refused, --max-rejected-rows is 0");
        assertThat(lines(Map.of("dataset", "has kind DATASET_KIND_CLASSIFICATION"), "finetune"))
                .contains("  --dataset: has kind classification");
    }

    @Test
    void theUsersOwnNamesStay() {
        assertThat(lines(Map.of("sources", "d/max_tokens:2: has null in field 'max_tokens'"), "dataset", "prepare"))
                .contains("  --file: d/max_tokens:2: has null in field 'max_tokens'");
    }

    @Test
    void argumentsAreNamedByTheirLabel() {
        assertThat(lines(Map.of("name", "must not be empty"), "tokenizer", "train"))
                .contains("  NAME: must not be empty");
    }

    @Test
    void namesWithoutCounterpartStay() {
        assertThat(lines(Map.of("page_token", "is not of bos_token"), "tokenizer", "train"))
                .contains("  page_token: is not of bos_token");
    }
}
