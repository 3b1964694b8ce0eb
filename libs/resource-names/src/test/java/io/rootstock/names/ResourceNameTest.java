package io.rootstock.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceNameTest {
    @Test
    void parsesAndFormatsAName() {
        ResourceName name = ResourceName.parse("tokenizers", "tokenizers/java-doc-4096");

        assertThat(name.id()).isEqualTo("java-doc-4096");
        assertThat(name).hasToString("tokenizers/java-doc-4096");
        assertThat(ResourceId.require("a".repeat(63))).hasSize(63);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tokenizers",
                "tokenizers/",
                "datasets/a",
                "tokenizers/A",
                "tokenizers/1a",
                "tokenizers/a/b",
                "tokenizers/../a",
                "tokenizers/a_b",
                "tokenizers/a\n",
                "tokenizers/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void rejectsMalformedNames(String name) {
        assertThatThrownBy(() -> ResourceName.parse("tokenizers", name))
                .isInstanceOf(InvalidNameException.class)
                .hasMessage("must be tokenizers/{id} with an id of the form [a-z][a-z0-9-]{0,62}, was '" + name + "'");
    }

    @Test
    void rejectsMalformedIds() {
        assertThatThrownBy(() -> ResourceId.require("A"))
                .isInstanceOf(InvalidNameException.class)
                .hasMessage("must be an id of the form [a-z][a-z0-9-]{0,62}, was 'A'");
        assertThatThrownBy(() -> new ResourceName("models", "")).isInstanceOf(InvalidNameException.class);
    }
}
