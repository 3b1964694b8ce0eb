package io.rootstock.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of this code base that can be read off its sources. */
class SourceRulesTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");

    private static List<Path> sources;

    @BeforeAll
    static void find() throws IOException {
        try (Stream<Path> walk = Files.walk(ROOT)) {
            sources = walk.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !ROOT.relativize(path).toString().contains("target/"))
                    .toList();
        }
        assertThat(sources).hasSizeGreaterThan(100);
    }

    @Test
    void everyPackageSaysWhatItIs() {
        assertThat(sources.stream()
                        .filter(source -> source.toString().contains("/src/main/java/"))
                        .map(Path::getParent)
                        .distinct()
                        .filter(folder -> !Files.exists(folder.resolve("package-info.java"))))
                .isEmpty();
    }

    @Test
    void noClassIsNamedAfterNothing() {
        assertThat(sources.stream()
                        .map(source -> source.getFileName().toString())
                        .filter(name -> name.matches(".*(Utils?|Manager|Impl|Helper)\\.java")))
                .isEmpty();
    }

    @Test
    void nothingIsLeftToDo() {
        assertThat(sources.stream()
                        .filter(source -> !source.endsWith("SourceRulesTest.java"))
                        .filter(source -> UNFINISHED.matcher(read(source)).find()))
                .isEmpty();
    }

    @Test
    void nothingIsMocked() {
        assertThat(sources.stream()
                        .filter(source -> !source.endsWith("SourceRulesTest.java"))
                        .filter(source -> read(source).contains("org.mockito")))
                .isEmpty();
    }

    private static String read(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
