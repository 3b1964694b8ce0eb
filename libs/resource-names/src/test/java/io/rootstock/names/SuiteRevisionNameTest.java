package io.rootstock.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SuiteRevisionNameTest {
    @Test
    void parsesAndFormatsAName() {
        SuiteRevisionName name = SuiteRevisionName.parse("suites/abilities/revisions/12");

        assertThat(name).isEqualTo(new SuiteRevisionName("abilities", 12));
        assertThat(name).hasToString("suites/abilities/revisions/12");
        assertThat(name.suiteName()).isEqualTo("suites/abilities");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "abilities",
                "suites/abilities",
                "suites/Abilities/revisions/1",
                "suites/abilities/revisions/",
                "suites/abilities/revisions/0",
                "suites/abilities/revisions/1/x",
                "models/abilities/revisions/1"
            })
    void rejectsMalformedNames(String name) {
        assertThatThrownBy(() -> SuiteRevisionName.parse(name)).isInstanceOf(InvalidNameException.class);
    }

    @Test
    void aReferenceNamesARevisionOrTheNewest() {
        assertThat(SuiteReference.parse("suites/base/revisions/3"))
                .isEqualTo(new SuiteReference.ByNumber(new SuiteRevisionName("base", 3)));
        assertThat(SuiteReference.parse("suites/base")).isEqualTo(new SuiteReference.Newest("base"));
        assertThatThrownBy(() -> SuiteReference.parse("base"))
                .hasMessage("must be suites/{id} with an id of the form [a-z][a-z0-9-]{0,62}, was 'base'");
        assertThatThrownBy(() -> SuiteReference.parse("suites/base/revisions/x"))
                .hasMessage("a revision is a number from 1, was 'x'");
    }
}
