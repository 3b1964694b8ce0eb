package io.rootstock.corpus.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.rootstock.yaml.InvalidFileException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeReaderTest {
    static final List<StepKind> KINDS = List.of(
            new StepKind(
                    "words",
                    3,
                    "Removes documents with few words.",
                    List.of(
                            Parameter.integer("least", 0, 1000, 50, "Fewest words."),
                            Parameter.decimal("ratio", 0, 1, 0.25, "Largest ratio."),
                            Parameter.flag("strict", true, "Whether it is strict."),
                            Parameter.choice("mode", List.of("fast", "exact"), "exact", "How it counts."),
                            Parameter.words("languages", List.of("en"), "Languages."))),
            new StepKind("plain", 1, "Has no parameters.", List.of()));

    private static final String SOURCE = "version: 1\nsources:\n- {name: wiki, files: wiki.jsonl}\n";

    @Test
    void readsEveryKey() throws IOException {
        Recipe recipe = read("""
                version: 1
                sources:
                - name: common-crawl
                  files: [crawl/*.warc.gz, more]
                  format: warc
                  licence: CC-BY-4.0
                  weight: 60
                  maximum_epochs: 0.44
                - name: books
                  files: books
                  fields: {text: body, url: link}
                  weight: 8
                unit_bytes: 1048576
                steps:
                - plain
                - words: {least: 20, languages: [ko, de]}
                tokenizer: tokenizers/prose
                splits: {validation: 0.01}
                seed: 7
                """);
        assertThat(recipe.sources())
                .containsExactly(
                        new RecipeSource(
                                "common-crawl",
                                List.of("crawl/*.warc.gz", "more"),
                                Optional.of("warc"),
                                Map.of(),
                                "CC-BY-4.0",
                                60,
                                Optional.of(0.44)),
                        new RecipeSource(
                                "books",
                                List.of("books"),
                                Optional.empty(),
                                Map.of("text", "body", "url", "link"),
                                "",
                                8,
                                Optional.empty()));
        assertThat(recipe.steps()).extracting(step -> step.kind().name()).containsExactly("plain", "words");
        StepSettings words = recipe.steps().get(1);
        assertThat(words.integer("least")).isEqualTo(20);
        assertThat(words.decimal("ratio")).isEqualTo(0.25);
        assertThat(words.flag("strict")).isTrue();
        assertThat(words.text("mode")).isEqualTo("exact");
        assertThat(words.texts("languages")).containsExactly("ko", "de");
        assertThat(recipe.tokenizer()).contains("tokenizers/prose");
        assertThat(recipe.splits()).isEqualTo(new Recipe.HeldOut(0.01, 0));
        assertThat(recipe.unitBytes()).isEqualTo(1 << 20);
        assertThat(recipe.seed()).isEqualTo(7);
        assertThat(recipe.share(recipe.sources().getFirst())).isEqualTo(60.0 / 68);
    }

    @Test
    void weightsAreNormalisedAndTheUserIsTold() throws IOException {
        assertThat(read(weighted(60, 22, 8, 8, 3)).notes())
                .containsExactly("weights sum to 101; each is divided by this sum");
        assertThat(read(weighted(60, 40)).notes()).isEmpty();
        assertThat(read(SOURCE).notes()).isEmpty();
    }

    private static String weighted(int... weights) {
        StringBuilder recipe = new StringBuilder("version: 1\nsources:\n");
        for (int i = 0; i < weights.length; i++) {
            recipe.append("- {name: s" + i + ", files: f" + i + ".txt, weight: " + weights[i] + "}\n");
        }
        return recipe.toString();
    }

    @Test
    void equalRecipesHaveEqualDigestsWhateverTheirLayout() throws IOException {
        String digest = CanonicalRecipe.digest(read(SOURCE + "steps: [words]\nseed: 0\n"));
        assertThat(CanonicalRecipe.digest(read("""
                        version: 1
                        steps:
                        - words: {mode: exact, least: 50}
                        sources:
                        - files: [wiki.jsonl]
                          name: wiki
                          weight: 1
                        """))).isEqualTo(digest);
        assertThat(CanonicalRecipe.digest(read(SOURCE + "steps:\n- words: {least: 51}\n")))
                .isNotEqualTo(digest);
        assertThat(CanonicalRecipe.json(read(SOURCE + "steps: [words]\n")).at("/steps/0"))
                .hasToString("{\"step\":\"words\",\"version\":3,\"parameters\":{\"languages\":[\"en\"],\"least\":50,"
                        + "\"mode\":\"exact\",\"ratio\":0.25,\"strict\":true}}");
    }

    @Test
    void aTokenizerCanBeTrained() throws IOException {
        Recipe recipe = read(SOURCE + "tokenizer: {train: tokenizers/prose, pre_tokenizer: o200k}\n");
        assertThat(recipe.tokenizer()).contains("tokenizers/prose");
        assertThat(recipe.training()).contains(new Recipe.TokenizerTraining(32_000, "o200k", 2));
        assertThat(CanonicalRecipe.digest(recipe))
                .isNotEqualTo(CanonicalRecipe.digest(read(SOURCE + "tokenizer: tokenizers/prose\n")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            workers: 4                      | 4 | key 'workers' is not supported | pass --workers
            stepps: []                      | 4 | unknown key 'stepps' | known keys: seed, sources
            steps: [wordz]                  | 4 | unknown step 'wordz' | known steps: plain, words
            steps: [plain, plain]           | 4 | step 'plain' is stated twice | remove one
            steps: [{words: {least: -1}}]   | 4 | 'words.least' is -1, not from 0 to 1000 | within these bounds
            steps: [{words: {least: many}}] | 4 | 'words.least' must be an integer, not a text | without quotes
            steps: [{words: {most: 1}}]     | 4 | unknown key 'words.most' | known keys: languages, least
            steps: [{words: {mode: slow}}]  | 4 | 'mode' is 'slow' | choose from fast, exact
            steps: [{words: {}, plain: {}}] | 4 | a step is a mapping | write - STEP
            tokenizer: prose                | 4 | 'tokenizer' is 'prose' | write tokenizers/NAME
            tokenizer: {train: prose}       | 4 | 'tokenizer' is 'prose' | write tokenizers/NAME
            tokenizer: tokenizers/9         | 4 | 'tokenizer' is 'tokenizers/9' | a letter first
            tokenizer: {train: tokenizers/a, vocabulary: 9} | 4 | unknown key 'tokenizer.vocabulary' | known keys: minimum_frequency
            tokenizer: {train: tokenizers/a, vocabulary_size: 260} | 4 | is 260, not from 261 to 1048576 | within
            tokenizer: {train: tokenizers/a, pre_tokenizer: words} | 4 | 'pre_tokenizer' is 'words' | choose from gpt2
            splits: {validation: 0.6}       | 4 | 'splits.validation' is 0.6, not from 0.0 to 0.5 | within
            splits: {train: 0.6}            | 4 | key 'splits.train' is not supported | the rest is for training
            unit_bytes: 100                 | 4 | 'unit_bytes' is 100 | within these bounds
            seed: -1                        | 4 | 'seed' is -1 | within these bounds
            """)
    void refusesWithLineAndRemedy(String line, int number, String reason, String hint) {
        InvalidFileException refused = refused(SOURCE + line + "\n");
        assertThat(refused.line()).isEqualTo(number);
        assertThat(refused.reason()).contains(reason);
        assertThat(refused.hint()).contains(hint);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {files: a.txt}                             | key 'sources.name' is missing
            {name: A, files: a.txt}                    | source name 'A' is invalid
            {name: a}                                  | key 'sources.files' is missing
            {name: a, files: []}                       | names no file
            {name: a, files: a.txt, format: docx}      | 'format' is 'docx'
            {name: a, files: a.txt, weight: 0}         | 'weight' is 0
            {name: a, files: a.txt, weight: -1}        | 'sources.weight' is -1
            {name: a, files: a.txt, maximum_epochs: 0} | 'maximum_epochs' is 0
            {name: a, files: a.txt, fields: {body: b}} | unknown key 'sources.fields.body'
            {name: a, files: a.txt, path: b}           | unknown key 'sources.path'
            """)
    void refusesSources(String source, String reason) {
        InvalidFileException refused = refused("version: 1\nsources:\n- " + source + "\n");
        assertThat(refused.line()).isEqualTo(3);
        assertThat(refused.reason()).contains(reason);
    }

    @Test
    void refusesFilesThatAreNoRecipes() {
        assertThat(refused("sources: []\n").reason()).isEqualTo("key 'version' is missing");
        assertThat(refused("version: 2\nsources: []\n").reason()).isEqualTo("'version' is 2, not from 1 to 1");
        assertThat(refused("version: 1\n").reason()).isEqualTo("key 'sources' is missing");
        assertThat(refused("version: 1\nsources: []\n").reason()).isEqualTo("'sources' has 0 entries");
        assertThat(refused(SOURCE + "- {name: wiki, files: b.txt}\n").reason())
                .isEqualTo("source 'wiki' is stated twice");
    }

    static Recipe read(String yaml) throws IOException {
        return new RecipeReader(KINDS)
                .read("recipe.yaml", new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
    }

    private static InvalidFileException refused(String yaml) {
        return catchThrowableOfType(InvalidFileException.class, () -> read(yaml));
    }
}
