package io.rootstock.cli.command.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

final class CountConverterTest {
    @Test
    void convertsCountsWithSuffix() {
        CountConverter converter = new CountConverter();
        assertThat(converter.convert("250000")).isEqualTo(250_000);
        assertThat(converter.convert("300k")).isEqualTo(300_000);
        assertThat(converter.convert("1.5B")).isEqualTo(1_500_000_000L);
        assertThat(converter.convert("174.6G")).isEqualTo(174_600_000_000L);
        assertThatThrownBy(() -> converter.convert("ten")).isInstanceOf(TypeConversionException.class);
        assertThatThrownBy(() -> converter.convert("0.5")).isInstanceOf(TypeConversionException.class);
    }
}
