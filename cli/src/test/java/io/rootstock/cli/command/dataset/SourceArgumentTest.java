package io.rootstock.cli.command.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.cli.command.dataset.DatasetSourceOptions.SourceArgument;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

final class SourceArgumentTest {
    @Test
    void parsesNameFileWeightAndEpochs() {
        assertThat(SourceArgument.parse("wiki=data/wiki.jsonl.gz:0.7:2"))
                .isEqualTo(new SourceArgument("wiki", Path.of("data/wiki.jsonl.gz"), 0.7, 2));
        assertThat(SourceArgument.parse("wiki=wiki.txt:3"))
                .isEqualTo(new SourceArgument("wiki", Path.of("wiki.txt"), 3, 0));
        assertThat(SourceArgument.parse("wiki=C:/wiki.txt"))
                .isEqualTo(new SourceArgument("wiki", Path.of("C:/wiki.txt"), 0, 0));
    }

    @Test
    void rejectsSourceWithoutName() {
        assertThatThrownBy(() -> SourceArgument.parse("wiki.txt"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("wiki=wiki.jsonl.gz:0.7:2");
    }
}
