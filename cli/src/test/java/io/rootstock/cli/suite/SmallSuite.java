package io.rootstock.cli.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A suite of one task and three rows. */
public final class SmallSuite {
    /** Rows of the task. */
    public static final String ROWS = """
            {"query": "It rained, so", "choices": ["it was wet", "it was dry"], "gold": 1}
            {"query": "He fell because", "choices": ["he slept", "he slipped"], "gold": 0}
            {"query": "She won because", "choices": ["she trained", "she ate"], "gold": 1}
            """;

    private SmallSuite() {}

    /** Writes the files below a folder. */
    public static void write(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("rows"));
        Files.writeString(folder.resolve("suite.yaml"), """
                suite: small
                description: Three rows
                tasks: [copa.yaml]
                data:
                  copa: {test: rows/copa.jsonl}
                """);
        Files.writeString(folder.resolve("common.yaml"), """
                test_split: test
                output_type: multiple_choice
                doc_to_text: "{{query}}"
                doc_to_target: gold
                doc_to_choice: choices
                metric_list:
                  - metric: acc
                """);
        Files.writeString(folder.resolve("copa.yaml"), "include: common.yaml\ntask: copa\ndataset_path: copa\n");
        Files.writeString(folder.resolve("rows/copa.jsonl"), ROWS);
    }
}
