package io.rootstock.inference.constraint;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    void goodGrammarsPass(String grammar) {
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
    void badGrammarsAreRefused(String grammar, String reason) {
        assertThatThrownBy(() -> GrammarCheck.check(grammar.replace("~N~", "\n")))
                .isInstanceOf(UnsupportedConstraintException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void rulesThatDoubleTheWorkEachAreRefused() {
        StringBuilder grammar = new StringBuilder("root ::= r0\n");
        for (int i = 0; i < 60; i++) {
            grammar.append("r%d ::= r%d | r%d\n".formatted(i, i + 1, i + 1));
        }
        grammar.append("r60 ::= \"a\"\n");

        assertThatThrownBy(() -> GrammarCheck.check(grammar.toString())).hasMessageContaining("begin with one another");
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
