package io.rootstock.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionNameTest {
    @Test
    void parsesAndFormatsAName() {
        VersionName name = VersionName.parse("models/base/versions/3");

        assertThat(name).isEqualTo(new VersionName("base", 3));
        assertThat(name).hasToString("models/base/versions/3");
        assertThat(name.modelName()).isEqualTo("models/base");
        assertThat(name.shortName()).isEqualTo("base:3");
        assertThat(VersionName.find("models/base/versions/3")).contains(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "base:3",
                "models/base",
                "models/base/aliases/a",
                "models/Base/versions/1",
                "models/base/versions/",
                "models/base/versions/0",
                "models/base/versions/01",
                "models/base/versions/1/x",
                "models/base/versions/9999999999999999999"
            })
    void rejectsMalformedNames(String name) {
        assertThatThrownBy(() -> VersionName.parse(name)).isInstanceOf(InvalidNameException.class);
        assertThat(VersionName.find(name)).isEmpty();
    }

    @Test
    void statesTheForm() {
        assertThatThrownBy(() -> VersionName.parse("base"))
                .hasMessage("must be models/{model}/versions/{n}, was 'base'");
        assertThatThrownBy(() -> VersionName.parse("models/base/versions/x"))
                .hasMessage("a version is a number from 1, was 'x'");
        assertThatThrownBy(() -> new VersionName("base", 0)).hasMessage("a version is a number from 1, was '0'");
    }
}
