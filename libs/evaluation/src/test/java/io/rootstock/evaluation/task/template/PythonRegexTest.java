package io.rootstock.evaluation.task.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.yaml.InvalidFileException;
import io.rootstock.yaml.YamlText;
import org.junit.jupiter.api.Test;

class PythonRegexTest {
    @Test
    void extractsTheSelectedMatch() {
        PythonRegex numbers = regex("(-?[$0-9.,]{2,})|(-?[0-9]+)");
        assertThat(numbers.extract("7 and 1,000 and 3", 0, "[invalid]")).isEqualTo("7");
        assertThat(numbers.extract("7 and 1,000 and 3", -1, "[invalid]")).isEqualTo("3");
        assertThat(numbers.extract("none", -1, "[invalid]")).isEqualTo("[invalid]");
        assertThat(regex("#### (.*)").extract("#### 42 \n", 0, "-")).isEqualTo("42");
        assertThat(regex("[a-z]+").extract("A bc d", 0, "-")).isEqualTo("bc");
    }

    @Test
    void refusesASelectionBeyondTheMatches() {
        assertThatThrownBy(() -> regex("a").extract("aa", 2, "-"))
                .hasMessageContaining("group_select 2 exceeds the 2 matches");
    }

    @Test
    void replacesWithPythonsGroupReferences() {
        assertThat(regex("(?P<a>x)(y)").replace("xy xy", "\\2\\g<a>\\g<2>\\n", 1))
                .isEqualTo("yxy\n xy");
        assertThat(regex("x*").replace("abxd", "-", 0)).isEqualTo("-a-b--d-");
        assertThat(regex("(?P<q>['\"])b(?P=q)").remove("a'b'\"b'")).isEqualTo("a\"b'");
    }

    @Test
    void usesUnicodeClassesAndPythonsLineEnds() {
        assertThat(regex("\\w+").extract("\uac00\ub098 ab", 0, "-")).isEqualTo("\uac00\ub098");
        assertThat(regex("a.b").extract("a\rb", 0, "-")).isEqualTo("a\rb");
        assertThat(regex("b\\Z").extract("ab\n", 0, "-")).isEqualTo("-");
    }

    @Test
    void refusesExpressionsThatJavaDoesNotAccept() {
        assertThatThrownBy(() -> regex("(a"))
                .isInstanceOf(InvalidFileException.class)
                .hasMessageStartingWith("t.yaml:2: invalid regular expression '(a'");
        assertThatThrownBy(() -> regex("(a)").replace("a", "\\3", 0)).hasMessageContaining("invalid group reference");
        assertThatThrownBy(() -> regex("a").replace("a", "\\q", 0)).hasMessageContaining("invalid escape");
    }

    private static PythonRegex regex(String pattern) {
        return PythonRegex.compile(new YamlText(pattern, "t.yaml", 2));
    }
}
