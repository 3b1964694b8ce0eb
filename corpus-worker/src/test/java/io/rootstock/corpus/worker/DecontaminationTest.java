package io.rootstock.corpus.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.count.RemovedSample;
import io.rootstock.corpus.engine.count.StepCounts;
import io.rootstock.corpus.engine.job.CorpusReport;
import io.rootstock.corpus.engine.spi.ComponentSpec;
import io.rootstock.corpus.recipe.RecipeReader;
import io.rootstock.corpus.unit.InputRoots;
import io.rootstock.corpus.unit.RefusedInputException;
import io.rootstock.corpus.worker.plan.RecipePlan;
import io.rootstock.corpus.worker.step.RecipeSteps;
import io.rootstock.yaml.InvalidFileException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecontaminationTest {
    private static final String QUESTION =
            "A farmer has 17 sheep and buys 5 more on each of the next three market days, how many are there?";
    private static final String KOREAN = "이 영화는 정말 재미있었고 배우들의 연기도 훌륭했습니다";

    @TempDir
    private Path folder;

    @BeforeEach
    void writeFiles() throws IOException {
        Files.createDirectories(folder.resolve("eval"));
        Files.writeString(
                folder.resolve("eval/math.jsonl"),
                "{\"question\":\"2 + 2?\",\"answer\":\"4\"}\n{\"question\":\"" + QUESTION + "\",\"answer\":\"32\"}\n");
        Files.writeString(folder.resolve("eval/reviews.tsv"), "id\ttext\n1\t" + KOREAN + "\n");
        Files.createDirectories(folder.resolve("suite"));
        Files.writeString(folder.resolve("suite/suite.yaml"), """
                suite: small
                core:
                - {label: proverbs, dataset_uri: proverbs.jsonl, icl_task_type: language_modeling, num_fewshot: [5]}
                """);
        Files.writeString(
                folder.resolve("suite/proverbs.jsonl"),
                IntStream.range(0, 7)
                        .mapToObj(i -> "{\"context\":\"Proverb number " + i + " says that early birds number " + i
                                + " catch the\",\"continuation\":\"worm\"}\n")
                        .collect(Collectors.joining()));
        write(
                "clean text of the first document",
                "A page. " + QUESTION.toUpperCase(java.util.Locale.ROOT) + " Answer: 32.",
                "리뷰: " + KOREAN + "!",
                "proverb number 3 says that early birds number 3 catch the worm",
                "What is 2 + 2?",
                filler(1) + " " + QUESTION + " " + filler(2));
    }

    private void write(String... texts) throws IOException {
        Files.writeString(
                folder.resolve("corpus.jsonl"),
                List.of(texts).stream()
                        .map(text -> "{\"text\":\"" + text + "\"}\n")
                        .collect(Collectors.joining()));
    }

    private static String filler(int seed) {
        return IntStream.range(0, 200)
                .mapToObj(i -> "w" + Integer.toString(seed * 7919 + i * 31, 26))
                .collect(Collectors.joining(" "));
    }

    private RecipePlan plan(String step) throws IOException {
        String yaml =
                "version: 1\nsources:\n- {name: a, files: corpus.jsonl}\nsteps:\n- decontamination: " + step + "\n";
        return RecipePlan.of(
                "recipe.yaml",
                new RecipeReader(RecipeSteps.kinds())
                        .read("recipe.yaml", new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))),
                InputRoots.of(folder, List.of(folder)));
    }

    private StepCounts run(String step) throws IOException {
        CorpusReport report = new RecipeRun(folder.resolve("work"), 2, 16).run(plan(step), JobControl.NONE);
        return report.steps().stream()
                .filter(counts -> counts.step().equals("decontamination"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void documentsWithRowsOfFilesAndSuitesAreRemoved() throws IOException {
        StepCounts counts = run("{files: [\"eval/*\"], suites: [suite]}");
        assertThat(counts.removed())
                .containsOnlyKeys("row 1 of math.jsonl", "row 0 of reviews.tsv", "row 3 of small/proverbs")
                .containsEntry("row 1 of math.jsonl", 2L);
        assertThat(counts.samples()).extracting(RemovedSample::location).contains("corpus.jsonl:2", "corpus.jsonl:4");
        assertThat(counts.documentsOut()).isEqualTo(2);
    }

    @Test
    void thePlanNamesRowsThatAreTooShort() throws IOException {
        assertThat(plan("{files: [eval/math.jsonl]}").notes())
                .containsExactly(
                        "decontamination searches for 1 of 2 rows of math.jsonl; the others have too little text");
    }

    @Test
    void rowsAreCutOutOfLongDocuments() throws IOException {
        StepCounts counts = run("{files: [eval], action: cut}");
        assertThat(counts.edits()).containsExactly(java.util.Map.entry("row 1 of math.jsonl", 1L));
        // The context of the cut covers the two short documents.
        assertThat(counts.removed()).containsExactly(java.util.Map.entry("no piece without rows", 2L));
        assertThat(counts.bytesIn() - counts.bytesOut()).isGreaterThan(QUESTION.length() + 400L);
    }

    @Test
    void aShareOfTheRowCanBeRequired() throws IOException {
        write("A farmer has 17 sheep and buys 5 more on each of the next three", QUESTION);
        assertThat(run("{files: [eval/math.jsonl]}").documentsOut()).isZero();
        assertThat(run("{files: [eval/math.jsonl], min_share: 0.8}").documentsOut())
                .isEqualTo(1);
    }

    @Test
    void otherRowsRepeatTheStageAndOtherAnswersDoNot() throws IOException {
        String step = "{files: [eval/math.jsonl]}";
        ComponentSpec before = plan(step).spec().steps().getFirst();
        Path rows = folder.resolve("eval/math.jsonl");
        String text = Files.readString(rows);
        Files.writeString(rows, text.replace("\"32\"", "\"33\""));
        assertThat(plan(step).spec().steps().getFirst()).isEqualTo(before);
        Files.writeString(rows, text.replace("sheep", "goats"));
        assertThat(plan(step).spec().steps().getFirst()).isNotEqualTo(before);
        assertThatThrownBy(() -> new RecipeSteps().create(before))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("give all workers the same files");
    }

    @Test
    void unusableSettingsAreRefused() {
        assertThatThrownBy(() -> plan("{}"))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageStartingWith("recipe.yaml:5: step 'decontamination': names no evaluation set");
        assertThatThrownBy(() -> plan("{files: [eval/math.jsonl], ngram: 5}"))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageContaining("lengths of n-grams");
        assertThatThrownBy(() -> plan("{files: [eval/math.jsonl], fields: [prompt]}"))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageStartingWith("math.jsonl:1: the row has none of the fields prompt");
        assertThatThrownBy(() -> plan("{files: [nowhere.jsonl]}")).isInstanceOf(RefusedInputException.class);
        assertThatThrownBy(() -> plan("{suites: [..]}")).isInstanceOf(RefusedInputException.class);
        assertThatThrownBy(() -> plan("{suites: [eval]}"))
                .isInstanceOf(RefusedInputException.class)
                .hasMessageContaining("holds no suite.yaml");
        assertThatThrownBy(() -> plan("{files: [eval/math.jsonl], min_words: 8, fields: [answer]}"))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageContaining("no row has enough text");
    }
}
