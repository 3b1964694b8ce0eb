package io.rootstock.corpus.worker.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.corpus.worker.fixture.Recipes;
import io.rootstock.corpus.worker.fixture.Tokenizers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenEstimateTest {
    @TempDir
    private Path folder;

    @Test
    void withoutATokenizerATokenHasFourBytesOfText() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "words ".repeat(1000));
        Files.writeString(folder.resolve("b.jsonl"), "{\"text\":\"words\"}\n".repeat(500));
        RecipePlan plan = Recipes.plan(folder, """
                version: 1
                sources: [{name: a, files: a.txt}, {name: b, files: b.jsonl}]
                """);
        assertThat(plan.sources().get(0).estimatedTokens()).isEqualTo(1500);
        assertThat(plan.sources().get(1).estimatedTokens()).isEqualTo((long) (500 * 17 * 0.9 / 4));
        assertThat(plan.estimatedTokens()).isEqualTo(1500 + (long) (500 * 17 * 0.9 / 4));
    }

    @Test
    void compressedTextIsThreeTimesAsLong() throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("a.txt.gz")))) {
            out.write("some words".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        RecipePlan plan = Recipes.plan(folder, "version: 1\nsources: [{name: a, files: a.txt.gz}]\n");
        assertThat((double) plan.estimatedTokens())
                .isCloseTo(Files.size(folder.resolve("a.txt.gz")) * 0.75, within(1.0));
    }

    @Test
    void aTokenizerIsMeasuredOnTheFirstDocuments() throws IOException {
        String line = "The weather of the week is reported here, with rain and wind.\n";
        Files.writeString(folder.resolve("a.txt"), line.repeat(20_000));
        String recipe = "version: 1\nsources: [{name: a, files: a.txt}]\ntokenizer: tokenizers/t\n";
        Path bytes = Tokenizers.ofBytes(folder.resolve("bytes"));
        long size = Files.size(folder.resolve("a.txt"));
        assertThat(Recipes.plan(folder, recipe, bytes).estimatedTokens()).isCloseTo(size, Percentage.withPercentage(1));
        Path trained = Tokenizers.trained(folder.resolve("trained"), line.repeat(50));
        assertThat(Recipes.plan(folder, recipe, trained).estimatedTokens()).isBetween(size / 8, size / 3);
    }
}
