package io.rootstock.grammar.regex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.grammar.Grammars;
import io.rootstock.grammar.error.UnsupportedConstraintException;
import io.rootstock.grammar.gbnf.GrammarText;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegexGrammarTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "abc",
                "a|b|",
                "",
                "(yes|no|maybe)!?",
                "[A-Z][a-z]+( [A-Z][a-z]+)*",
                "\\d{3}-\\d{4}",
                "^\\w+@\\w+\\.com$",
                "[^a-z\\s]{2,5}",
                "[^\\d]",
                "\\S+\\s\\S+",
                "\\D\\W",
                "a{3}b{2,}c{0,4}",
                "(a*)*b",
                "(a|aa)+",
                "((x?y?)*z?){2}",
                ".{1,10}",
                "\\p{L}+",
                "[\\p{Lu}\\p{Nd}_-]{4}",
                "\\x41\\u0042\\t\\n",
                "\\ud83d\\ude00+",
                "(?:a(?<name>b+?)c)*?",
                "[\\]\\[^-]+",
                "\\(\\)\\[\\]\\{\\}\\.\\*\\+\\?\\^\\$\\|\\\\\\/\\-",
                "é|ü|😀",
                "(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?",
            })
    void everyTextOfTheGrammarMatches(String regex) {
        GrammarText grammar = new GrammarText(Grammars.fromRegex(regex));
        Pattern pattern = Pattern.compile(regex);
        Random random = new Random(regex.hashCode());

        for (int i = 0; i < 500; i++) {
            String text = grammar.random(random, 40);
            assertThat(pattern.matcher(text).matches())
                    .as("%s: %s", regex, text)
                    .isTrue();
        }
    }

    /** Compares the grammar with java.util.regex on all texts of at most 6 characters over a, b and c. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a|b)*abb",
                "a?b?c?",
                "(ab|ba)+c",
                "[ab]{2,3}c*",
                "(a*b)*",
                "a(b|c)?a",
                "(a|b|c){0,2}cc",
                "[^a]*a[^a]*",
                "((a?){3}b){2}",
                "(a|ab)(c|bcd)?",
            })
    void matchesTheSameShortTextsAsJava(String regex) {
        GrammarText grammar = new GrammarText(Grammars.fromRegex(regex));
        Pattern pattern = Pattern.compile(regex);

        for (int number = 0; number < 4 * 4 * 4 * 4 * 4 * 4; number++) {
            StringBuilder text = new StringBuilder();
            for (int rest = number; rest > 0; rest /= 4) {
                text.append("_abc".charAt(rest % 4));
            }
            String candidate = text.toString().replace("_", "");
            assertThat(grammar.matches(candidate))
                    .as("%s: %s", regex, candidate)
                    .isEqualTo(pattern.matcher(candidate).matches());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                ")",
                "[",
                "[]",
                "a{2,1}",
                "*a",
                "a**",
                "(?i)a",
                "(?!a)",
                "\\b",
                "\\1",
                "\\q",
                "a{1001}",
                "[z-a]",
                "[a[b]]",
                "[a&&b]",
                "(^a)",
                "a$b",
                "\\p{Greek}",
                "\\u12",
                "a\\",
                "x{a}",
                "]",
                "\\u0000",
                "\\ud800"
            })
    void unsupportedExpressionsAreRejectedWithTheirPosition(String regex) {
        assertThatThrownBy(() -> Grammars.fromRegex(regex))
                .isInstanceOf(UnsupportedConstraintException.class)
                .hasMessageContaining("at character");
    }

    @Test
    void exactlyTheChoicesMatch() {
        List<String> choices = List.of("yes", "no", "no way", "not", "\"quoted\"\n", "日本", "a\\b", "nothing at all");
        GrammarText grammar = new GrammarText(Grammars.fromChoices(choices));

        assertThat(choices).allMatch(grammar::matches);
        assertThat(List.of("", "y", "now", "no ", "yes!", "nothing")).noneMatch(grammar::matches);
    }

    @Test
    void choicesAreBounded() {
        assertThatThrownBy(() -> Grammars.fromChoices(List.of())).hasMessageContaining("1 to 1000");
        assertThatThrownBy(() -> Grammars.fromChoices(List.of("a", ""))).hasMessageContaining("[1]");
        assertThatThrownBy(() -> Grammars.fromChoices(List.of("\ud800"))).hasMessageContaining("half");
        assertThatThrownBy(() -> Grammars.fromChoices(List.of("x".repeat(100_001))))
                .hasMessageContaining("100000");
    }
}
