package io.rootstock.evaluation.metric.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values: CPython 3.11. */
class PythonStringsTest {
    @Test
    void splitsAtTheWhiteSpaceOfPython() {
        assertThat(PythonStrings.split(" a\u00a0b\u001cc\u3000d\u200be\u0085\n"))
                .containsExactly("a", "b", "c", "d\u200be");
        assertThat(PythonStrings.split("\t \u2029")).isEmpty();
        assertThat(PythonStrings.stripTrailing(" a \u00a0\u001f")).isEqualTo(" a");
    }

    @ParameterizedTest
    @CsvSource({"ΟΔΟΣ, οδος", "ΑΣ'Α, ασ'α", "Α3Σ, α3σ", "Σ, σ", "ΑΣ.Β, ασ.β", "İI, i̇i", "ẞÄK, ßäk", "𐐀, 𐐨"})
    void lowersAsPythonDoes(String text, String lower) {
        assertThat(PythonStrings.lower(text)).isEqualTo(lower);
    }

    @Test
    void charactersAreCodePoints() {
        assertThat(PythonStrings.characters("a😀e\u0301")).containsExactly("a", "😀", "e", "\u0301");
    }
}
