package io.rootstock.corpus.worker.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.corpus.Document;
import io.rootstock.corpus.engine.JobCancelledException;
import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.JobFailedException;
import io.rootstock.corpus.engine.Progress;
import io.rootstock.corpus.engine.format.UnitFileReader;
import io.rootstock.corpus.engine.job.CorpusManifest;
import io.rootstock.corpus.recipe.RecipeReader;
import io.rootstock.corpus.worker.RecipeRun;
import io.rootstock.corpus.worker.fixture.Recipes;
import io.rootstock.corpus.worker.shard.SplitRule;
import io.rootstock.corpus.worker.token.PreparedTokenizer;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.bpe.Vocabulary;
import io.rootstock.encoding.format.TokenizerReader;
import io.rootstock.encoding.pretokenizer.SplitPattern;
import io.rootstock.encoding.training.BpeTrainer;
import io.rootstock.encoding.training.WordCounter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocabularyJobTest {
    private static final String RECIPE = """
            version: 1
            sources: [{name: web, files: pages.jsonl}]
            unit_bytes: 65536
            steps: [exact-duplicates]
            splits: {validation: 0.3}
            tokenizer: {train: tokenizers/web, vocabulary_size: 600, pre_tokenizer: llama3}
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void writeSource() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 4000; i++) {
            rows.append("{\"text\":\"Page ")
                    .append(i % 3500)
                    .append(" tells of rain number ")
                    .append(i * 31 % 97);
            rows.append(", wind, 비와 바람 and ")
                    .append(Integer.toString(i * 7919, 36))
                    .append(".\"}\n");
        }
        Files.writeString(folder.resolve("pages.jsonl"), rows);
    }

    private Path run(String name, int threads, int buckets, String recipe) throws IOException {
        Path work = folder.resolve(name);
        new RecipeRun(work, threads, buckets).run(Recipes.plan(folder, recipe), JobControl.NONE);
        return work;
    }

    @Test
    void theTokenizerIsTheOneOfTheTrainingDocumentsOnAnyNumberOfThreadsAndBuckets() throws IOException {
        Path work = run("one", 1, 1, RECIPE);
        assertThat(CorpusManifest.read(work).units()).hasSizeGreaterThan(3);
        Tokenizer trained = TokenizerReader.read(work.resolve(PreparedTokenizer.COPY));
        assertThat(trained.size()).isEqualTo(600);
        assertThat(trained.byteLevel().orElseThrow().splitPattern()).isEqualTo(SplitPattern.LLAMA3);
        Vocabulary expected = naive(work);
        for (int token = 0; token < expected.size(); token++) {
            assertThat(trained.vocabulary().bytes(token)).isEqualTo(expected.bytes(token));
        }
        Path parallel = run("three", 3, 32, RECIPE);
        for (String file : List.of("dataset.json", "shards.json", "tokenizer/tokenizer.json")) {
            assertThat(parallel.resolve(file)).hasSameBinaryContentAs(work.resolve(file));
        }
    }

    private static Vocabulary naive(Path work) throws IOException {
        SplitRule rule = new SplitRule(0, 0.3, 0);
        int heldOut = 0;
        try (WordCounter counter = new WordCounter(SplitPattern.LLAMA3, 1, WordCounter.MAX_WORDS)) {
            for (CorpusManifest.OutputUnit unit : CorpusManifest.read(work).units()) {
                try (UnitFileReader reader = new UnitFileReader(work.resolve(unit.path()))) {
                    for (Document document = reader.next(); document != null; document = reader.next()) {
                        if (rule.isForTraining(document)) {
                            counter.add(document.text().toString());
                        } else {
                            heldOut++;
                        }
                    }
                }
            }
            assertThat(heldOut).isBetween(900, 1300);
            return BpeTrainer.train(counter, 595, 2, learned -> {}).vocabulary();
        }
    }

    @Test
    void theRecipeOfTheCorpusStatesTheTraining() throws IOException {
        Path work = run("work", 2, 4, RECIPE);
        assertThat(new JsonMapper()
                        .readTree(work.resolve("corpus.json").toFile())
                        .at("/recipe/training")
                        .toString())
                .isEqualTo("{\"vocabulary_size\":600,\"pre_tokenizer\":\"llama3\",\"minimum_frequency\":2}");
    }

    @Test
    void aCancelledTrainingResumesWithItsCounts() throws IOException {
        Path work = folder.resolve("work");
        AtomicBoolean cancelled = new AtomicBoolean();
        RecipeRun run = new RecipeRun(work, 2, 4);
        JobControl cancels = new JobControl(
                progress -> {
                    if (progress.stage().equals("words") && progress.done() == progress.total()) {
                        cancelled.set(true);
                    }
                },
                cancelled::get);
        assertThatThrownBy(() -> run.run(Recipes.plan(folder, RECIPE), cancels))
                .isInstanceOf(JobCancelledException.class);
        assertThat(work.resolve("dataset.json")).doesNotExist();
        List<Progress> stages = new ArrayList<>();
        run.run(Recipes.plan(folder, RECIPE), new JobControl(stages::add, () -> false));
        assertThat(stages).noneMatch(progress -> progress.stage().equals("words-emit"));
        assertThat(work.resolve("dataset.json"))
                .hasSameBinaryContentAs(run("whole", 1, 4, RECIPE).resolve("dataset.json"));
    }

    @Test
    void aCorpusWithoutTrainingDocumentsIsRefused() throws IOException {
        Files.writeString(folder.resolve("pages.jsonl"), "{\"title\":\"no text\"}\n");
        assertThatThrownBy(() -> run("work", 1, 4, RECIPE))
                .isInstanceOf(JobFailedException.class)
                .hasMessage("stage merges, tokenizers/web: the corpus has no training document to learn from");
    }

    @Test
    void aPlanStatesTheTraining() throws IOException {
        assertThat(Recipes.plan(folder, RECIPE).notes())
                .contains("tokenizers/web will be trained on the corpus: 600 tokens; until then, tokens are estimated");
    }

    @Test
    void everyNameOfARecipeIsAPattern() {
        assertThat(RecipeReader.PRE_TOKENIZERS)
                .containsExactlyInAnyOrder(Arrays.stream(SplitPattern.values())
                        .map(pattern -> pattern.name().toLowerCase(Locale.ROOT))
                        .toArray(String[]::new));
    }
}
