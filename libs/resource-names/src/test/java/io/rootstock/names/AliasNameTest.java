package io.rootstock.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AliasNameTest {
    @Test
    void parsesAndFormatsAName() {
        AliasName name = AliasName.parse("models/base/aliases/production");

        assertThat(name).isEqualTo(new AliasName("base", "production"));
        assertThat(name).hasToString("models/base/aliases/production");
        assertThat(name.modelName()).isEqualTo("models/base");
    }

    @Test
    void parsesReferencesToServedModels() {
        assertThat(AliasName.ofReference("base", "production")).isEqualTo(new AliasName("base", "production"));
        assertThat(AliasName.ofReference("models/base", "production")).isEqualTo(new AliasName("base", "production"));
        assertThat(AliasName.ofReference("base@staging", "production")).isEqualTo(new AliasName("base", "staging"));
        assertThat(AliasName.ofReference("models/base@staging", "production"))
                .isEqualTo(new AliasName("base", "staging"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "models/", "base@", "@production", "models/base/versions/1", "Base", "base:1"})
    void rejectsMalformedReferences(String reference) {
        assertThatThrownBy(() -> AliasName.ofReference(reference, "production"))
                .isInstanceOf(InvalidNameException.class)
                .hasMessageStartingWith("must be an id of the form ");
    }

    @Test
    void rejectsMalformedNames() {
        assertThatThrownBy(() -> AliasName.parse("models/base"))
                .hasMessage("must be models/{model}/aliases/{alias}, was 'models/base'");
        assertThatThrownBy(() -> AliasName.parse("models/base/aliases/A")).isInstanceOf(InvalidNameException.class);
    }

    @Test
    void rejectsLatestAsAnAliasThatCanBeSet() {
        assertThatThrownBy(() -> AliasName.parse("models/base/aliases/latest"))
                .isInstanceOf(InvalidNameException.class)
                .hasMessageContaining("reserved");
    }
}
