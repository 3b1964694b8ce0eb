package io.rootstock.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

/** Arguments with a grammar of their own. */
final class ArgumentsTest {
    @Test
    void aSourceHasANameAFileAndPerhapsAWeightAndAnEpochCap() {
        assertThat(SourceArgument.parse("wiki=data/wiki.jsonl.gz:0.7:2"))
                .isEqualTo(new SourceArgument("wiki", Path.of("data/wiki.jsonl.gz"), 0.7, 2));
        assertThat(SourceArgument.parse("wiki=wiki.txt:3"))
                .isEqualTo(new SourceArgument("wiki", Path.of("wiki.txt"), 3, 0));
        assertThat(SourceArgument.parse("wiki=C:/wiki.txt"))
                .isEqualTo(new SourceArgument("wiki", Path.of("C:/wiki.txt"), 0, 0));
    }

    @Test
    void aSourceWithoutANameIsRefusedWithAnExample() {
        assertThatThrownBy(() -> SourceArgument.parse("wiki.txt"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("wiki=wiki.jsonl.gz:0.7:2");
    }

    @Test
    void countsMayCarryASuffix() {
        CountConverter converter = new CountConverter();
        assertThat(converter.convert("250000")).isEqualTo(250_000);
        assertThat(converter.convert("300k")).isEqualTo(300_000);
        assertThat(converter.convert("1.5B")).isEqualTo(1_500_000_000L);
        assertThat(converter.convert("174.6G")).isEqualTo(174_600_000_000L);
        assertThatThrownBy(() -> converter.convert("ten")).isInstanceOf(TypeConversionException.class);
        assertThatThrownBy(() -> converter.convert("0.5")).isInstanceOf(TypeConversionException.class);
    }
}
