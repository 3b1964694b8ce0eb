package io.rootstock.bench.style;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.bench.source.JavaSources;
import io.rootstock.bench.source.ProjectFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules that {@code bench/style} prints, for all main sources and documents. */
class StyleTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final long LARGEST_PACKAGE = 25;

    private static ProjectFiles files;

    @BeforeAll
    static void list() throws IOException {
        files = ProjectFiles.of(ROOT);
    }

    @Test
    void noFileHasAPhraseOfTheGlossarysList() throws IOException {
        assertThat(PhraseList.read(ROOT).find(files)).isEmpty();
    }

    @Test
    void noJavadocSaysNothing() throws IOException {
        assertThat(EmptyJavadocs.find(files, JavaSources.parse(files.java()))).isEmpty();
    }

    @Test
    void noFileIsLong() throws IOException {
        assertThat(Style.longFiles(files)).isEmpty();
    }

    @Test
    void noPackageIsLarge() {
        assertThat(Style.packages(files))
                .allSatisfy(entry -> assertThat(entry.getValue())
                        .as(files.relative(entry.getKey()))
                        .isLessThanOrEqualTo(LARGEST_PACKAGE));
    }
}
