package io.rootstock.registry.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionReferenceTest {
    @ParameterizedTest
    @ValueSource(strings = {"models/base/versions/3", "models/base:3", "base:3"})
    void namesAVersionByNumber(String name) {
        assertThat(VersionReference.parse(name, "name"))
                .isEqualTo(new VersionReference.ByNumber(new VersionName("base", 3)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"models/base/aliases/production", "models/base@production", "base@production"})
    void namesAVersionByAlias(String name) {
        assertThat(VersionReference.parse(name, "name"))
                .isEqualTo(new VersionReference.ByAlias(new AliasName("base", "production")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"models/base@latest", "base@latest", "base", "models/base"})
    void namesTheNewestVersion(String name) {
        assertThat(VersionReference.parse(name, "name")).isEqualTo(new VersionReference.Latest("base"));
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
    void rejectsMalformedNamesAndStatesTheField(String name) {
        assertThatThrownBy(() -> VersionReference.parse(name, "spec.base")).hasMessageContaining("spec.base");
    }

    @Test
    void rejectsLatestAsAnAliasThatCanBeSet() {
        assertThatThrownBy(() -> AliasName.parse("models/base/aliases/latest", "name"))
                .hasMessageContaining("reserved");
    }
}
