package io.rootstock.corpus.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.corpus.recipe.Recipe;
import io.rootstock.corpus.unit.InputRoots;
import io.rootstock.corpus.worker.fixture.Recipes;
import io.rootstock.corpus.worker.fixture.Tokenizers;
import io.rootstock.corpus.worker.plan.RecipePlan;
import io.rootstock.corpus.worker.token.PreparedTokenizer;
import io.rootstock.yaml.InvalidFileException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerJobTest {
    private static final String TEXT = "version: 1\nsources: [{name: a, files: a.txt}]\n";
    private static final String TOKENS = TEXT + "tokenizer: tokenizers/t\n";

    @TempDir
    private Path folder;

    @Test
    void isWrittenAndReadWithItsTokenizer() throws IOException {
        Path file = folder.resolve("job.json");
        WorkerJob job = new WorkerJob("r.yaml", "base", List.of("root"), "work", 2, 16, "tokenizer");
        job.write(file);
        assertThat(WorkerJob.read(file)).isEqualTo(job);
        Files.writeString(file, """
                {"recipe":"r.yaml","base":"base","roots":["root"],"workspace":"work","threads":2,"buckets":16}""");
        assertThat(WorkerJob.read(file)).isEqualTo(new WorkerJob("r.yaml", "base", List.of("root"), "work", 2, 16));
    }

    @Test
    void aRecipeWithATokenizerNeedsItsFiles() throws IOException {
        Recipe recipe = Recipes.read(TOKENS);
        assertThatThrownBy(() -> job("").readTokenizer(recipe))
                .isInstanceOf(InvalidFileException.class)
                .hasMessage("r.yaml: it names tokenizers/t, and the job has no files of it\n"
                        + "hint: state the directory of its files as 'tokenizer' of the job");
        assertThat(job("").readTokenizer(Recipes.read(TEXT))).isEmpty();
    }

    @Test
    void aDirectoryThatHoldsNoTokenizerIsRefused() throws IOException {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> job(missing.toString()).readTokenizer(Recipes.read(TOKENS)))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageContaining(missing + ", cannot be read");
        Path model = Tokenizers.ofBytes(folder.resolve("model"));
        try (RandomAccessFile weights =
                new RandomAccessFile(model.resolve("model.safetensors").toFile(), "rw")) {
            weights.setLength(300L << 20);
        }
        assertThatThrownBy(() -> job(model.toString()).readTokenizer(Recipes.read(TOKENS)))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageContaining("more than 268435456")
                .hasMessageContaining("give a directory with tokenizer.json and tokenizer_config.json alone");
    }

    @Test
    void aTokenizerThatTheRecipeDoesNotNameIsRefused() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "words");
        PreparedTokenizer tokenizer = PreparedTokenizer.read("r.yaml", Tokenizers.ofBytes(folder.resolve("tokenizer")));
        Recipe recipe = Recipes.read(TEXT);
        InputRoots roots = InputRoots.of(folder, List.of(folder));
        assertThatThrownBy(() -> RecipePlan.of("r.yaml", recipe, roots, Optional.of(tokenizer)))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageStartingWith("r.yaml: the job has a tokenizer, and the recipe names none");
    }

    private static WorkerJob job(String tokenizer) {
        return new WorkerJob("r.yaml", "base", List.of(), "work", 1, 16, tokenizer);
    }
}
