package io.rootstock.grammar.gbnf;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.grammar.Grammars;
import io.rootstock.grammar.error.UnsupportedConstraintException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GrammarCheckTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "root ::= \"yes\" | \"no\"",
                "root ::= item+ # comment\nitem ::= \"- \" [^\\n]+ \"\\n\"",
                "root ::= (\"a\" |\n \"b\")* [\\x41-\\u005A\\U0001F600] .?",
                "root ::= \"(\" root \")\" | \"\"",
                "root ::= [a-z]{3} [0-9]{2,} x{0,5}\nx ::= \"x\"",
                "root ::= <[7]> !<|end|> \"a\"",
            })
    void validGrammarsPass(String grammar) {
        assertThatCode(() -> GrammarCheck.check(grammar)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "main ::= [a] | no rule named root",
                "root ::= other | no rule named other",
                "root ::= \"a | ends too early",
                "root ::= [a | ends too early",
                "root ::= [] | class without",
                "root ::= (\"a\" | without its )",
                "root ::= \"a\" ) | expected the end",
                "root = \"a\" | expected ::=",
                "root ::= * | something before",
                "root ::= \"\"* | empty text",
                "root ::= \"\\q\" | escape",
                "root ::= \"\\x4\" | hexadecimal",
                "root ::= \"\\UFFFFFFFF\" | U+10FFFF",
                "root ::= [z-a] | before it begins",
                "root ::= \"a\"{3,2} | at least 3",
                "root ::= \"a\"{5000} | up to 1999",
                "root ::= (\"a\" \"b\"?){1500} | rule of its own",
                "root ::= (root \"a\")? | begin with itself",
                "root ::= a?~N~a ::= b root~N~b ::= c~N~c ::= \"\" | begin with itself",
                "root ::= (a?)* ~N~a ::= \"x\" | may be empty",
                "root ::= a* ~N~a ::= b~N~b ::= \"x\"? | may be empty",
                "root ::= \"a\" root | never comes to an end",
                "root ::= \"a\"~N~root ::= \"b\" | twice",
            })
    void invalidGrammarsAreRejected(String grammar, String reason) {
        assertThatThrownBy(() -> GrammarCheck.check(grammar.replace("~N~", "\n")))
                .isInstanceOf(UnsupportedConstraintException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void rulesThatDoubleTheWorkAreRejected() {
        StringBuilder grammar = new StringBuilder("root ::= r0\n");
        for (int i = 0; i < 60; i++) {
            grammar.append("r%d ::= r%d | r%d\n".formatted(i, i + 1, i + 1));
        }
        grammar.append("r60 ::= \"a\"\n");

        assertThatThrownBy(() -> GrammarCheck.check(grammar.toString())).hasMessageContaining("begin with one another");
    }

    /** Grammars with long sequences of optional elements, in one rule or nested: any number of them can be skipped. */
    static Stream<String> grammarsWithTooManyContinuations() {
        StringBuilder nested = new StringBuilder("root ::= r0\n");
        for (int i = 0; i < 140; i++) {
            nested.append("r%d ::= r%d x{10}\n".formatted(i, i + 1));
        }
        return Stream.of(
                "root ::= " + "x ".repeat(300) + "\nx ::= \"a\"?",
                "root ::= x{1900}\nx ::= [a-z]?",
                "root ::= \"start\" (x x x x x x){100}\nx ::= \"a\" | \"b\" | \"\"",
                "root ::= x{100}\nx ::= y{20}\ny ::= \"a\"? \"b\"? \"c\"?",
                nested + "r140 ::= \"a\"\nx ::= \"b\"?");
    }

    @ParameterizedTest
    @MethodSource("grammarsWithTooManyContinuations")
    void grammarsWithTooManyContinuationsAreRejected(String grammar) {
        assertThatThrownBy(() -> GrammarCheck.check(grammar))
                .isInstanceOf(UnsupportedConstraintException.class)
                .hasMessageContaining("can continue in too many ways");
    }

    @Test
    void manyAlternativesAndLongSequencesPass() {
        String wide = IntStream.range(0, 3000).mapToObj(i -> "\"a" + i + "\"").collect(Collectors.joining(" | "));
        String properties = IntStream.range(0, 500)
                .mapToObj(i -> "\"p" + i + "\":{\"type\":\"integer\"}")
                .collect(Collectors.joining(","));
        assertThatCode(() -> {
                    GrammarCheck.check("root ::= " + wide);
                    GrammarCheck.check("root ::= [a-z]{0,1900} [a-z]{0,1900} [a-z]{0,1900}");
                    GrammarCheck.check("root ::= " + "x ".repeat(100) + "\nx ::= \"a\"?");
                    GrammarCheck.check("root ::= s\ns ::= \"(\" s* \")\" | [a-z]+ s?");
                    Grammars.fromJsonSchema("{\"type\":\"object\",\"properties\":{" + properties + "}}");
                })
                .doesNotThrowAnyException();
    }

    @Test
    void sizeIsBounded() {
        StringBuilder grammar = new StringBuilder("root ::= r0\n");
        for (int i = 0; i < 300; i++) {
            grammar.append("r%d ::= [a-z]{1999} r%d\n".formatted(i, i + 1));
        }
        grammar.append("r300 ::= \"a\"\n");

        assertThatThrownBy(() -> GrammarCheck.check(grammar.toString())).hasMessageContaining("elements");
    }
}
