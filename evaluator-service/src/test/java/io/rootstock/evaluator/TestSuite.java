package io.rootstock.evaluator;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.evaluation.v1.SuiteFile;
import io.rootstock.evaluation.v1.SuiteRevision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A suite of 20 rows of each request kind, in a folder and in an artifact store. */
public final class TestSuite {
    public static final int ROWS = 20;

    private static final String HEAD = """
            dataset_path: json
            dataset_kwargs: {data_files: {test: %s}}
            test_split: test
            """;

    private final Path folder;
    private final TreeMap<String, String> files = new TreeMap<>();

    public TestSuite(Path folder) {
        this.folder = folder;
    }

    /** Adds or replaces a file. */
    public TestSuite with(String path, String text) {
        files.put(path, text);
        return this;
    }

    /** The suite of all request kinds. */
    public static TestSuite ofAllKinds(Path folder) {
        return new TestSuite(folder)
                .with("suite.yaml", """
                        suite: kinds
                        tasks: [choice.yaml, cloze.yaml, documents.yaml, answers.yaml]
                        core:
                          - {label: core-choice, dataset_uri: core/choice.jsonl, num_fewshot: [1], icl_task_type: multiple_choice, continuation_delimiter: "\\nAnswer: "}
                          - {label: core-schema, dataset_uri: core/schema.jsonl, num_fewshot: [0], icl_task_type: schema}
                          - {label: core-cloze, dataset_uri: core/cloze.jsonl, num_fewshot: [0], icl_task_type: language_modeling}
                        """)
                .with("choice.yaml", "task: choice\n" + HEAD.formatted("choice.jsonl") + """
                        output_type: multiple_choice
                        doc_to_text: "Q: {{q}} A:"
                        doc_to_target: gold
                        doc_to_choice: choices
                        num_fewshot: 2
                        fewshot_split: test
                        metric_list: [{metric: acc}, {metric: acc_norm}, {metric: acc_mutual_info}]
                        """)
                .with("choice.jsonl", rows(i -> """
                        {"q": "what is %d?", "choices": ["one %d", "two", "three %d"], "gold": %d}""".formatted(i, i, i, i % 3)))
                .with("cloze.yaml", "task: cloze\n" + HEAD.formatted("cloze.jsonl") + """
                        output_type: loglikelihood
                        doc_to_text: text
                        doc_to_target: " {{word}}"
                        metric_list: [{metric: perplexity}, {metric: acc}]
                        """)
                .with("cloze.jsonl", rows(i -> """
                        {"text": "The word number %d is ", "word": "w%d"}""".formatted(i, i * i)))
                .with("documents.yaml", "task: documents\n" + HEAD.formatted("documents.jsonl") + """
                        output_type: loglikelihood_rolling
                        doc_to_text: ""
                        doc_to_target: text
                        metric_list: [{metric: bits_per_byte}, {metric: word_perplexity}]
                        """)
                .with("documents.jsonl", rows(i -> """
                        {"text": "%s"}""".formatted(i == 0 ? "" : ("Document " + i + ". ").repeat(6 * i))))
                .with("answers.yaml", "task: answers\n" + HEAD.formatted("answers.jsonl") + """
                        output_type: generate_until
                        doc_to_text: "Say {{word}}:"
                        doc_to_target: word
                        generation_kwargs: {until: ["\\n"], max_gen_toks: 8}
                        metric_list: [{metric: exact_match}, {metric: chrf}]
                        """)
                .with("answers.jsonl", rows(i -> """
                        {"word": "word%d"}""".formatted(i)))
                .with("core/choice.jsonl", rows(i -> """
                        {"query": "Which is %d?", "choices": ["a%d", "bb", "c"], "gold": %d}""".formatted(i, i, i % 3)))
                .with("core/schema.jsonl", rows(i -> """
                        {"context_options": ["She met %d", "He saw the %d"], "continuation": "and left.", "gold": %d}""".formatted(i, i, i % 2)))
                .with("core/cloze.jsonl", rows(i -> """
                        {"context": "Count to %d: ", "continuation": "%d"}""".formatted(i, i)));
    }

    private static String rows(IntFunction<String> row) {
        return IntStream.range(0, ROWS).mapToObj(row).collect(Collectors.joining("\n")) + "\n";
    }

    /** Writes the files and stores them. */
    public SuiteRevision store(ArtifactStore store) throws IOException {
        SuiteRevision.Builder revision = SuiteRevision.newBuilder().setName("suites/kinds/revisions/1");
        for (var file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
            revision.addFiles(SuiteFile.newBuilder()
                    .setPath(file.getKey())
                    .setDigest(store.putFile(path).value())
                    .setBytes(Files.size(path)));
        }
        return revision.build();
    }

    /** Folder of the written files. */
    public Path folder() {
        return folder;
    }
}
