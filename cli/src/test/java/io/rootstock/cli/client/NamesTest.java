package io.rootstock.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.cli.error.CliException;
import org.junit.jupiter.api.Test;

final class NamesTest {
    @Test
    void parsesShortAndLongNames() {
        assertThat(Names.of("models", "m")).isEqualTo("models/m");
        assertThat(Names.of("models", "models/m")).isEqualTo("models/m");
        assertThat(Names.exactVersion("m:3")).hasToString("models/m/versions/3");
        assertThat(Names.exactVersion("models/m/versions/3")).hasToString("models/m/versions/3");
        assertThat(Names.version("m", "latest")).isEqualTo("models/m@latest");
        assertThat(Names.version("m@canary", "latest")).isEqualTo("models/m@canary");
        assertThat(Names.alias("m", "production")).isEqualTo("models/m/aliases/production");
        assertThat(Names.brief("models/m/versions/3")).isEqualTo("m:3");
        assertThat(Names.brief("models/m")).isEqualTo("models/m");
    }

    @Test
    void rejectsVersionWithoutNumber() {
        assertThatThrownBy(() -> Names.exactVersion("m"))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("missing version number");
        assertThatThrownBy(() -> Names.exactVersion("m:x"))
                .isInstanceOf(CliException.class)
                .hasMessage("invalid version 'm:x': a version is a number from 1, was 'x'");
    }
}
