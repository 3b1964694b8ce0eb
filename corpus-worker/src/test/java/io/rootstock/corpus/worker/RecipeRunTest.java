package io.rootstock.corpus.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.corpus.DocumentStep;
import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.job.CorpusReport;
import io.rootstock.corpus.engine.spi.ComponentSpec;
import io.rootstock.corpus.recipe.RecipeReader;
import io.rootstock.corpus.recipe.StepKind;
import io.rootstock.corpus.recipe.StepSettings;
import io.rootstock.corpus.unit.InputRoots;
import io.rootstock.corpus.unit.RefusedInputException;
import io.rootstock.corpus.worker.plan.RecipePlan;
import io.rootstock.corpus.worker.step.DuplicateKinds;
import io.rootstock.corpus.worker.step.RecipeSteps;
import io.rootstock.yaml.InvalidFileException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeRunTest {
    private static final String RECIPE = """
            version: 1
            sources:
            - {name: web, files: web, licence: CC-BY-4.0, weight: 3, maximum_epochs: 2}
            - {name: notes, files: "*.jsonl.gz", fields: {text: body, licence: licence}, weight: 1}
            unit_bytes: 65536
            steps:
            - unicode-repair
            - gopher-quality: {min_words: 8, min_stop_words: 0}
            - pii-masking: {kinds: [e-mail]}
            - licence: {allowed: [CC-BY-4.0, MIT]}
            - exact-duplicates
            - near-duplicates
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void writeSources() throws IOException {
        StringBuilder web = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            web.append(row("text", sentence(i % 250), ""));
        }
        web.append(row("text", "too short", ""));
        web.append(row("text", sentence(901) + " Write to ada@example.org now.", ""));
        Files.createDirectory(folder.resolve("web"));
        Files.writeString(folder.resolve("web/pages.jsonl"), web);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("notes.jsonl.gz")))) {
            out.write((row("body", sentence(1000), "MIT") + row("body", sentence(1001), "GPL-3.0-only") + "{broken\n")
                    .getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Sentences of different words, so that two of them are not similar. */
    private static String sentence(int i) {
        StringBuilder text = new StringBuilder("The number");
        for (int word = 0; word < 30; word++) {
            text.append(" w").append(Integer.toString(i * 31 + word * 977, 26)).append("x");
        }
        return text.append(" ends.").toString();
    }

    private static String row(String field, String text, String licence) {
        return "{\"" + field + "\":\"" + text + "\"" + (licence.isEmpty() ? "" : ",\"licence\":\"" + licence + "\"")
                + "}\n";
    }

    @Test
    void runsARecipeAndReportsEveryStep() throws IOException {
        RecipePlan plan = plan(RECIPE);
        CorpusReport report = new RecipeRun(folder.resolve("work"), 2, 16).run(plan, JobControl.NONE);

        assertThat(report.refused()).isEqualTo(1);
        assertThat(report.firstRefused().getFirst().location()).isEqualTo("notes.jsonl.gz:3");
        assertThat(removed(report, "gopher-quality")).isEqualTo(1);
        assertThat(removed(report, "licence")).isEqualTo(1);
        assertThat(report.steps())
                .filteredOn(step -> step.step().equals("pii-masking"))
                .singleElement()
                .satisfies(step -> assertThat(step.edits()).containsEntry("e-mail", 1L));
        // 250 different sentences of 300, the one with an address, and the one licensed note.
        assertThat(report.documents()).isEqualTo(252);

        JsonNode corpus =
                new JsonMapper().readTree(folder.resolve("work/corpus.json").toFile());
        assertThat(corpus.at("/sources/0/weight").asDouble()).isEqualTo(0.75);
        assertThat(corpus.at("/sources/0/documents").asLong()).isEqualTo(251);
        assertThat(corpus.at("/sources/0/maximumEpochs").asDouble()).isEqualTo(2);
        assertThat(corpus.at("/sources/1/documents").asLong()).isEqualTo(1);
        assertThat(corpus.at("/recipeDigest").asText()).matches("[0-9a-f]{64}");
    }

    private static long removed(CorpusReport report, String name) {
        return report.steps().stream()
                .filter(step -> step.step().equals(name))
                .mapToLong(step -> step.documentsIn() - step.documentsOut())
                .sum();
    }

    @Test
    void theResultDependsOnTheRecipeAlone() throws IOException {
        RecipePlan plan = plan(RECIPE);
        new RecipeRun(folder.resolve("one"), 1, 16).run(plan, JobControl.NONE);
        new RecipeRun(folder.resolve("two"), 2, 64).run(plan, JobControl.NONE);
        for (String file : List.of("corpus.json", "manifest.json", "report.json")) {
            assertThat(folder.resolve("two").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("one").resolve(file));
        }
    }

    @Test
    void anotherLanguageModelOrThresholdRepeatsTheReading() throws IOException {
        Path work = folder.resolve("work");
        new RecipeRun(work, 1, 16).run(plan(RECIPE), JobControl.NONE);
        CorpusReport strict =
                new RecipeRun(work, 1, 16).run(plan(RECIPE.replace("min_words: 8", "min_words: 80")), JobControl.NONE);
        assertThat(strict.documents()).isZero();
    }

    @Test
    void stepsThatCompareDocumentsFollowOneAnother() {
        String between = RECIPE.replace("- near-duplicates", "- fineweb-quality\n- near-duplicates");
        assertThat(catchThrowableOfType(InvalidFileException.class, () -> plan(between)))
                .hasMessage(
                        "recipe.yaml:13: step 'near-duplicates' comes after 'fineweb-quality', which comes after "
                                + "'exact-duplicates'\nhint: move 'fineweb-quality' before or after all steps that compare documents");
        String backward =
                RECIPE.replace("- exact-duplicates\n- near-duplicates", "- near-duplicates\n- exact-duplicates");
        assertThat(catchThrowableOfType(InvalidFileException.class, () -> plan(backward)))
                .hasMessageStartingWith(
                        "recipe.yaml:12: step 'exact-duplicates' comes after 'near-duplicates', which runs later");
    }

    @Test
    void stepsAfterThoseThatCompareSeeTheDocumentsThatAreLeft() throws IOException {
        Files.writeString(
                folder.resolve("web/pages.jsonl"),
                row("text", "Write to ada@example.org now.", "")
                        + row("text", "Write to bob@example.org now.", "")
                        + row("text", "Write to bob@example.org now.", "")
                        + row("text", "One of the short ones.", ""));
        String recipe = """
                version: 1
                sources: [{name: web, files: web}]
                steps: [%s]
                """;
        String late =
                recipe.formatted("exact-duplicates, pii-masking: {kinds: [e-mail]}, gopher-quality: {min_words: 5,"
                        + " min_stop_words: 0, max_mean_word_length: 1000}");
        CorpusReport after = new RecipeRun(folder.resolve("after"), 1, 16).run(plan(late), JobControl.NONE);
        assertThat(after.steps())
                .extracting(step -> step.step(), step -> step.documentsIn(), step -> step.documentsOut())
                .containsExactly(
                        tuple("read", 4L, 4L),
                        tuple("url-duplicates", 4L, 4L),
                        tuple("content-duplicates", 4L, 3L),
                        tuple("pii-masking", 3L, 3L),
                        tuple("gopher-quality", 3L, after.documents()));
        assertThat(after.steps().get(3).edits()).containsEntry("e-mail", 2L);
        CorpusReport before = new RecipeRun(folder.resolve("before"), 1, 16)
                .run(plan(recipe.formatted("pii-masking: {kinds: [e-mail]}, exact-duplicates")), JobControl.NONE);
        assertThat(before.documents()).isEqualTo(2);
        new RecipeRun(folder.resolve("threads"), 2, 64).run(plan(late), JobControl.NONE);
        assertThat(folder.resolve("threads/manifest.json"))
                .hasSameBinaryContentAs(folder.resolve("after/manifest.json"));
    }

    @Test
    void stepsAfterNearDuplicatesAreCountedBehindThem() throws IOException {
        String late = RECIPE.replace("- pii-masking: {kinds: [e-mail]}\n", "") + "- pii-masking: {kinds: [e-mail]}\n";
        CorpusReport report = new RecipeRun(folder.resolve("work"), 2, 16).run(plan(late), JobControl.NONE);
        assertThat(report.documents()).isEqualTo(252);
        assertThat(report.steps()).extracting(step -> step.step()).endsWith("near-duplicates", "pii-masking");
        assertThat(report.steps().getLast().edits()).containsEntry("e-mail", 1L);
    }

    @Test
    void parametersThatDoNotFitNameTheLine() {
        assertThat(catchThrowableOfType(
                        InvalidFileException.class,
                        () -> plan(RECIPE.replace("kinds: [e-mail]", "kinds: [shoe-size]"))))
                .hasMessageStartingWith("recipe.yaml:9: step 'pii-masking': unknown kind 'shoe-size'");
        assertThat(catchThrowableOfType(
                        InvalidFileException.class,
                        () -> plan(RECIPE.replace("- unicode-repair", "- language: {languages: [klingon]}"))))
                .hasMessageStartingWith("recipe.yaml:7: step 'language':")
                .hasMessageContaining("klingon");
    }

    @Test
    void aStatedFormatReadsFilesOfAnyName() throws IOException {
        Files.move(folder.resolve("web/pages.jsonl"), folder.resolve("web/pages.data"));
        RecipePlan plan = plan(RECIPE.replace("files: web,", "files: web, format: jsonl,"));
        CorpusReport report = new RecipeRun(folder.resolve("work"), 1, 16).run(plan, JobControl.NONE);
        assertThat(report.documents()).isEqualTo(252);
        assertThatThrownBy(() -> plan(RECIPE))
                .isInstanceOf(RefusedInputException.class)
                .hasMessageContaining("matches no file that can be read");
    }

    @Test
    void aFieldInsideOfAnObjectIsNamedByItsPath() throws IOException {
        Files.writeString(
                folder.resolve("web/pages.jsonl"),
                "{\"id\":1,\"content\":{\"body\":\"" + sentence(1) + "\",\"lang\":\"en\"}}\n");
        RecipePlan plan = plan(RECIPE.replace("files: web,", "files: web, fields: {text: content.body},"));
        CorpusReport report = new RecipeRun(folder.resolve("work"), 1, 16).run(plan, JobControl.NONE);
        assertThat(report.documents()).isEqualTo(2);
    }

    @Test
    void thePlanSaysThatTheResultIsText() throws IOException {
        assertThat(plan(RECIPE + "splits: {validation: 0.01}\n").notes())
                .containsExactly(
                        "weights sum to 4; each is divided by this sum",
                        "the recipe names no tokenizer: the result is text, and the report counts the documents of each split");
        assertThat(plan(RECIPE + "splits: {validation: 0.01}\ntokenizer: tokenizers/t\n")
                        .notes())
                .containsExactly("weights sum to 4; each is divided by this sum");
    }

    @Test
    void sourcesOutsideOfTheRootsAreRefused() {
        assertThatThrownBy(() -> plan(RECIPE.replace("files: web", "files: /etc/hostname.txt")))
                .isInstanceOf(RefusedInputException.class);
        assertThatThrownBy(() -> plan(RECIPE.replace("files: web", "files: nowhere.jsonl")))
                .isInstanceOf(RefusedInputException.class);
    }

    @Test
    void workersCreateEveryStepFromItsDescription() throws IOException {
        Files.writeString(folder.resolve("rows.jsonl"), row("question", sentence(7), ""));
        List<String> names = new ArrayList<>();
        for (StepKind kind : RecipeSteps.kinds()) {
            names.add(kind.name());
            if (!DuplicateKinds.all().contains(kind)) {
                Map<String, Object> values = new HashMap<>();
                kind.parameters().forEach(parameter -> values.put(parameter.name(), parameter.standard()));
                values.computeIfPresent("denied", (_, _) -> List.of("GPL-3.0-only"));
                values.computeIfPresent("files", (_, _) -> List.of("rows.jsonl"));
                ComponentSpec spec = RecipeSteps.describe(
                        new StepSettings(kind, values, 1), InputRoots.of(folder, List.of(folder)), _ -> {});
                DocumentStep step = new RecipeSteps().create(spec).orElseThrow();
                assertThat(step.name()).isEqualTo(kind.name());
                assertThat(step.version()).isEqualTo(kind.version());
            }
        }
        assertThat(names)
                .containsExactlyInAnyOrder(
                        "unicode-repair",
                        "language",
                        "pii-masking",
                        "licence",
                        "decontamination",
                        "gopher-quality",
                        "gopher-repetition",
                        "c4-quality",
                        "fineweb-quality",
                        "repeated-lines",
                        "exact-duplicates",
                        "frequent-lines",
                        "near-duplicates");
    }

    private RecipePlan plan(String yaml) throws IOException {
        return RecipePlan.of(
                "recipe.yaml",
                new RecipeReader(RecipeSteps.kinds())
                        .read("recipe.yaml", new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))),
                InputRoots.of(folder, List.of(folder)));
    }
}
