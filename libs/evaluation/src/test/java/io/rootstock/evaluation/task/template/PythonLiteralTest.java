package io.rootstock.evaluation.task.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PythonLiteralTest {
    @Test
    void readsListsOfStringsAndIntegers() {
        assertThat(PythonLiteral.list("['a', \"it's\", 3, -4]")).contains(List.of("a", "it's", 3L, -4L));
        assertThat(PythonLiteral.list(" [ 'a' , ] ")).contains(List.of("a"));
        assertThat(PythonLiteral.list("('a', 'b')")).contains(List.of("a", "b"));
        assertThat(PythonLiteral.list("[]")).contains(List.of());
    }

    @Test
    void readsEscapesAndJoinsAdjacentStrings() {
        assertThat(PythonLiteral.list("['a\\n\\t\\x41\\u00e9\\\\', 'b' 'c']"))
                .contains(List.of("a\n\tA\u00e9\\", "bc"));
        assertThat(PythonLiteral.list("['\\d']")).contains(List.of("\\d"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "a", "[a]", "['a'", "['a' 3]", "['a'] x", "[['a']]", "[1.5]", "['a\n']", "[007]", "('a')"})
    void refusesEverythingElse(String text) {
        assertThat(PythonLiteral.list(text)).isEmpty();
    }
}
