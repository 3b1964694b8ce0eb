package io.rootstock.bench.style;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.bench.source.JavaSources;
import io.rootstock.bench.source.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmptyJavadocsTest {
    @ParameterizedTest
    @CsvSource({
        "Begins., begin",
        "The same., tokens",
        "How many., count",
        "As stated above., count",
        "The model's shape., modelShape",
        "The states of a job., JobState",
        "Number of the step., STEP_NUMBER"
    })
    void saysNothing(String text, String name) {
        assertThat(EmptyJavadocs.isEmpty(text, name)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "Tokens of the prompt., tokens",
        "Frees the native memory., close",
        "'[B, T, D].', hidden",
        "`rootstock chat`., ChatCommand",
        "The same job with another state., withState"
    })
    void saysSomething(String text, String name) {
        assertThat(EmptyJavadocs.isEmpty(text, name)).isFalse();
    }

    @Test
    void findsTheDeclarationsAndLeavesThoseWithTags(@TempDir Path root) throws IOException {
        Path file = Files.createDirectories(root.resolve("src/main/java")).resolve("A.java");
        Files.writeString(file, """
                /** One engine for each device. */
                class A {
                    /** The same. */
                    int field;

                    /**
                     * Steps.
                     *
                     * @param count number of optimizer steps, at least 1
                     */
                    void step(int count) {}

                    /** Begins. */
                    void begin() {}
                }
                """);
        ProjectFiles files = ProjectFiles.of(root);
        assertThat(EmptyJavadocs.find(files, JavaSources.parse(files.java())))
                .extracting(Place::line)
                .containsExactly(4L, 14L);
    }
}
