package io.rootstock.bench.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The committed pages of docs/reference, and sections of other documents, are those that the code generates. */
class ReferenceTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private static SortedMap<Path, String> files;

    @BeforeAll
    static void generate() throws IOException {
        files = Reference.files(ROOT);
    }

    static Stream<Path> paths() {
        return files.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("paths")
    void theCommittedFileIsUpToDate(Path file) throws IOException {
        assertThat(Files.readString(ROOT.resolve(file)))
                .as("%s is stale; write it again with: %s", file, Reference.COMMAND)
                .isEqualTo(files.get(file));
    }

    @Test
    void everyPageOfCommandsIsGenerated() throws IOException {
        try (Stream<Path> pages = Files.list(ROOT.resolve(Reference.FOLDER).resolve("commands"))) {
            assertThat(pages.map(ROOT::relativize)).isSubsetOf(files.keySet());
        }
    }

    @Test
    void modulesAreListedWithTheirDependencies() {
        assertThat(files.get(Path.of("docs/architecture/README.md")))
                .containsPattern("\\| `libs/sandbox` \\| .*confine.* \\| `libs/panama` \\|")
                .containsPattern("\\| `evaluator-service` \\| .*`libs/service-kit`");
    }
}
