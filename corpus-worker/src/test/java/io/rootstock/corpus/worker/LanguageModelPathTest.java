package io.rootstock.corpus.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.corpus.engine.JobControl;
import io.rootstock.corpus.engine.job.CorpusReport;
import io.rootstock.corpus.unit.RefusedInputException;
import io.rootstock.corpus.worker.fixture.Recipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LanguageModelPathTest {
    private static final String RECIPE = """
            version: 1
            sources: [{name: notes, files: notes.jsonl}]
            steps:
            - language: {languages: [en], model: %s, min_probability: 0.5}
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void writeFiles() throws IOException {
        Files.writeString(folder.resolve("notes.jsonl"), """
                {"text":"The quick brown fox jumps over the lazy dog and runs into the forest."}
                {"text":"오늘은 날씨가 매우 좋아서 공원에서 산책을 했습니다."}
                """);
        Files.createDirectory(folder.resolve("models"));
        Files.copy(
                Path.of("../libs/corpus/src/test/resources/io/rootstock/corpus/language/softmax.bin"),
                folder.resolve("models/small.bin"));
    }

    @Test
    void aModelIsRelativeToTheRecipesFolder() throws IOException {
        CorpusReport report = new RecipeRun(folder.resolve("work"), 1, 16)
                .run(Recipes.plan(folder, RECIPE.formatted("models/small.bin")), JobControl.NONE);
        assertThat(report.documents()).isEqualTo(1);
    }

    @Test
    void aMissingModelOrOneOutsideOfTheAllowedDirectoriesIsRefused() {
        assertThatThrownBy(() -> Recipes.plan(folder, RECIPE.formatted("models/large.bin")))
                .isInstanceOf(RefusedInputException.class)
                .hasMessageStartingWith(folder.resolve("models/large.bin") + ": does not exist");
        assertThatThrownBy(() -> Recipes.plan(folder, RECIPE.formatted("/etc/hostname")))
                .isInstanceOf(RefusedInputException.class)
                .hasMessageContaining("outside of the allowed directories");
    }
}
