package io.rootstock.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.trainer.v1.GgufFile;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

class MadeFileConverterTest {
    private final MadeFileConverter converter = new MadeFileConverter();

    @Test
    void readsTheNamesOfTheFilesThatTheTrainerMakes() {
        assertThat(converter.convert("q8_0")).isEqualTo(GgufFile.Q8_0);
        assertThat(converter.convert("Q4_K_M")).isEqualTo(GgufFile.Q4_K_M);
        assertThat(converter).containsExactly("F32", "F16", "Q8_0", "Q4_K_M");
    }

    @Test
    void refusesTheOriginalFileWhichIsNotMade() {
        assertThatThrownBy(() -> converter.convert("original"))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("expected one of [F32, F16, Q8_0, Q4_K_M] (case-insensitive) but was 'original'");
    }
}
