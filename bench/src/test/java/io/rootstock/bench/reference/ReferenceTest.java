package io.rootstock.bench.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The committed pages of docs/reference are those that the code generates. */
class ReferenceTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    @ParameterizedTest
    @EnumSource
    void theCommittedPageIsUpToDate(Reference.Page page) throws IOException {
        Path file = page.file(ROOT);
        assertThat(Files.readString(file))
                .as("%s is stale; write it again with: %s", ROOT.relativize(file), Reference.COMMAND)
                .isEqualTo(page.text(ROOT));
    }

    @Test
    void theCommittedSchemaIsUpToDate() throws IOException {
        assertThat(Files.readString(ROOT.resolve(RecipeReference.SCHEMA)))
                .as("%s is stale; write it again with: %s", RecipeReference.SCHEMA, Reference.COMMAND)
                .isEqualTo(RecipeReference.schema());
        assertThat(Files.readString(ROOT.resolve(Reference.MIXTURE_SCHEMA)))
                .as("%s is stale; write it again with: %s", Reference.MIXTURE_SCHEMA, Reference.COMMAND)
                .isEqualTo(Reference.mixtureSchema());
    }
}
