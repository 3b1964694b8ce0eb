package io.rootstock.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionReferenceTest {
    @ParameterizedTest
    @ValueSource(strings = {"models/base/versions/3", "models/base:3", "base:3"})
    void namesAVersionByNumber(String name) {
        assertThat(VersionReference.parse(name)).isEqualTo(new VersionReference.ByNumber(new VersionName("base", 3)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"models/base/aliases/production", "models/base@production", "base@production"})
    void namesAVersionByAlias(String name) {
        assertThat(VersionReference.parse(name))
                .isEqualTo(new VersionReference.ByAlias(new AliasName("base", "production")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"models/base@latest", "base@latest", "base", "models/base"})
    void namesTheNewestVersion(String name) {
        assertThat(VersionReference.parse(name)).isEqualTo(new VersionReference.Latest("base"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "models/",
                "Base",
                "base@",
                "base:0",
                "base:-1",
                "base:x",
                "base:99999999999999999999",
                "models/base/versions/",
                "models/base/versions/1/x",
                "jobs/base/versions/1",
                "base@Production"
            })
    void rejectsMalformedNames(String name) {
        assertThatThrownBy(() -> VersionReference.parse(name)).isInstanceOf(InvalidNameException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "models/base"})
    void aModelAloneNamesNoVersion(String name) {
        assertThat(VersionReference.isModel(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "base@latest",
                "models/base@production",
                "base:3",
                "models/base/versions/3",
                "models/base/aliases/production"
            })
    void aReferenceWithAVersionOrAliasIsNotAModel(String name) {
        assertThat(VersionReference.isModel(name)).isFalse();
    }

    @Test
    void statesTheFormsOfAReference() {
        assertThatThrownBy(() -> VersionReference.parse("Base"))
                .hasMessage("must name a version: models/{m}/versions/{n}, {m}:{n}, {m}@{alias} or {m}@latest,"
                        + " was 'Base'");
    }
}
