package io.rootstock.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.grammar.Grammars;
import io.rootstock.grammar.error.UnsupportedConstraintException;
import io.rootstock.grammar.gbnf.GrammarText;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class JsonSchemaGrammarTest {
    static Stream<String> schemas() {
        return Schemas.ALL.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void everyTextOfTheGrammarIsValid(String name) {
        String schema = Schemas.ALL.get(name);
        GrammarText grammar = new GrammarText(Grammars.fromJsonSchema(schema));
        JudgedSchema judge = new JudgedSchema(schema);
        Random random = new Random(name.hashCode());

        for (int i = 0; i < 400; i++) {
            String text = grammar.random(random, 20 + random.nextInt(200));
            assertThat(judge.validationErrors(text)).as("%s: %s", name, text).isEmpty();
        }
    }

    @Test
    void everyTextOfTheObjectGrammarIsAnObject() {
        GrammarText grammar = new GrammarText(Grammars.jsonObject());
        JudgedSchema judge = new JudgedSchema("{\"type\":\"object\"}");
        Random random = new Random(3);

        for (int i = 0; i < 1000; i++) {
            String text = grammar.random(random, 100);
            assertThat(judge.validationErrors(text)).as(text).isEmpty();
        }
        assertThat(grammar.matches("[]")).isFalse();
        assertThat(grammar.matches("{\"a\": {\"b\": [1, -2.5e3, null, \"\\u0007\"]}}"))
                .isTrue();
    }

    /** Uses a regular expression, because the JSON Schema validator also requires a registered top-level domain. */
    @Test
    void emailAddressesAreMailboxes() {
        Pattern mailbox = Pattern.compile("\"[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+)*"
                + "@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?\"");
        GrammarText grammar = new GrammarText(Grammars.fromJsonSchema("{\"type\":\"string\",\"format\":\"email\"}"));
        Random random = new Random(4);

        for (int i = 0; i < 500; i++) {
            assertThat(grammar.random(random, 60)).matches(mailbox);
        }
        assertThat(grammar.matches("\"ada.lovelace+work@example.co.uk\"")).isTrue();
        assertThat(grammar.matches("\"ada@\"")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "person | {\"name\": \"Ada\", \"age\": 36}",
                "person | {\"name\":\"Ada\",\"age\":36,\"address\":{\"zip\":\"01067\"}}",
                "optional before required | {\"b\":null,\"d\":null}",
                "optional before required | {\"a\":null,\"b\":null,\"c\":null,\"d\":null}",
                "all optional | {}",
                "all optional | {\"b\":null}",
                "open | {\"a\":1,\"other\":true,\"abc\":false}",
                "tree | {\"value\":1,\"children\":[{\"value\":2,\"children\":[]},{\"value\":3}]}",
                "expression | {\"op\":\"+\",\"l\":1,\"r\":{\"op\":\"-\",\"l\":2,\"r\":3}}",
                "date | \"2024-02-29\"",
                "date | \"2000-02-29\"",
                "ipv6 | \"::\"",
                "ipv6 | \"::1\"",
                "ipv6 | \"2001:db8::8a2e:370:7334\"",
                "ipv6 | \"2001:0DB8:0000:0000:0000:ff00:0042:8329\"",
                "ipv6 | \"::ffff:192.0.2.128\"",
                "ipv6 | \"1:2:3:4:5:6:7::\"",
                "duration | \"P3Y6M4D\"",
                "duration | \"P1DT12H\"",
                "duration | \"PT36H\"",
                "duration | \"PT1M30S\"",
                "duration | \"P4W\"",
                "between | -15",
                "between | 1203",
                "between | 0",
                "at least | 17",
                "probability | 0.25",
                "probability | 1.0",
                "cents | 12.34",
                "multiples | -98",
                "multiples | 0",
                "exclusive number | 0.049",
                "pattern anywhere | \"xxabbcxx\"",
                "long list | [null]",
                "anyOf | null",
            })
    void validTextsMatchTheGrammar(String name, String text) {
        assertThat(new JudgedSchema(Schemas.ALL.get(name)).validationErrors(text))
                .isEmpty();
        assertThat(new GrammarText(Grammars.fromJsonSchema(Schemas.ALL.get(name))).matches(text))
                .as(text)
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "person | {\"name\":\"Ada\"}",
                "person | {\"age\":1,\"name\":\"Ada\"}",
                "person | {\"name\":\"\",\"age\":1}",
                "person | {\"name\":\"Ada\",\"age\":151}",
                "person | {\"name\":\"Ada\",\"age\":-1}",
                "person | {\"name\":\"Ada\",\"age\":1,\"more\":1}",
                "open | {\"a\":1,\"ab\":true}",
                "open | {\"a\":1,\"a\":true}",
                "closed | {\"a\":1}",
                "tuple | [\"a\",1,2]",
                "tuple | [\"a\"]",
                "three to five | [true,true]",
                "three to five | [true,true,true,true,true,true]",
                "no items | [1]",
                "enum | \"c\"",
                "enum of type | \"ccc\"",
                "date | \"2023-02-29\"",
                "date | \"1900-02-29\"",
                "date | \"2023-04-31\"",
                "date | \"0000-01-01\"",
                "time | \"24:00:00Z\"",
                "uuid | \"g0000000-0000-0000-0000-000000000000\"",
                "ipv4 | \"256.1.1.1\"",
                "ipv6 | \"\"",
                "ipv6 | \":\"",
                "ipv6 | \"1::2::3\"",
                "ipv6 | \"1:2:3:4:5:6:7\"",
                "ipv6 | \"1:2:3:4:5:6:7:8:9\"",
                "ipv6 | \"12345::\"",
                "ipv6 | \"::256.0.0.1\"",
                "ipv6 | \"fe80::1%eth0\"",
                "duration | \"P\"",
                "duration | \"PT\"",
                "duration | \"P1\"",
                "duration | \"1D\"",
                "duration | \"P1H\"",
                "duration | \"PT1D\"",
                "duration | \"P1Y2D\"",
                "duration | \"P1WT1H\"",
                "duration | \"PT1.5S\"",
                "between | -16",
                "between | 1204",
                "between | 007",
                "exclusive | 5",
                "exclusive | 8",
                "multiples | 8",
                "probability | 1.1",
                "probability | 1.",
                "probability | -0.1",
                "exclusive number | 0",
                "exclusive number | 0.0",
                "exclusive number | 0.05",
                "exclusive number | 0.050",
                "number from | -2.751",
                "number to | -0.49",
                "cents | 0.001",
                "lengths | \"ab\"",
                "lengths | \"abcdef\"",
                "pattern and length | \"abc\"",
                "pattern of letters | \"abc\"",
                "const | {\"a\":[1,\"x\",true]}",
            })
    void invalidTextsDoNotMatchTheGrammar(String name, String text) {
        assertThat(new GrammarText(Grammars.fromJsonSchema(Schemas.ALL.get(name))).matches(text))
                .as(text)
                .isFalse();
    }

    @Test
    void longTextsObeyTheirLengthBounds() {
        GrammarText grammar = new GrammarText(Grammars.fromJsonSchema(Schemas.ALL.get("long")));

        for (int length : new int[] {1199, 1200, 1201, 1999, 2000, 2199, 2200, 3199, 3200, 3299, 3300, 3301, 4300}) {
            assertThat(grammar.matches('"' + "x".repeat(length) + '"'))
                    .as("%d", length)
                    .isEqualTo(length >= 1200 && length <= 3300);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{ | '' | not JSON",
                "[1] | '' | object or a boolean",
                "false | '' | nothing can satisfy",
                "{'not':{}} | /not | not is not supported",
                "{'properties':{'a':{'if':true}}} | /properties/a/if | if is not supported",
                "{'properties':{'a':{'minlength':3}}} | /properties/a/minlength | not supported",
                "{'patternProperties':{}} | /patternProperties | not supported",
                "{'type':'array','uniqueItems':true} | /uniqueItems | not supported",
                "{'type':'array','contains':{}} | /contains | not supported",
                "{'nullable':true} | /nullable | \"null\"",
                "{'items':[{}]} | /items | prefixItems",
                "{'type':'text'} | /type | not a type",
                "{'$ref':'https://example.com/x'} | /$ref | same schema",
                "{'$ref':'#/$defs/x'} | /$ref | there is no",
                "{'$ref':'#'} | '' | refers to itself",
                "{'anyOf':[{'$ref':'#'},{'type':'null'}]} | grammar | begin with itself",
                "{'type':'object','properties':{'a':{'$ref':'#'}},'required':['a']} | grammar | never comes to an end",
                "{'$defs':{'a':{'$ref':'#/$defs/b'},'b':{'$ref':'#/$defs/a'}},'$ref':'#/$defs/a'} | /$defs/a | refers"
                        + " to itself",
                "{'type':'string','format':'uri'} | /format | not supported, these are",
                "{'type':'string','pattern':'(?=a)'} | /pattern | look around",
                "{'type':'string','pattern':'\\\\bword'} | /pattern | \\b is not supported",
                "{'type':'string','pattern':'(a)\\\\1'} | /pattern | \\1 is not supported",
                "{'type':'string','pattern':'a++'} | /pattern | possessive",
                "{'type':'string','pattern':'(a'} | /pattern | without its )",
                "{'type':'string','minLength':5,'maxLength':4} | '' | is more than",
                "{'type':'string','maxLength':-1} | /maxLength | whole number",
                "{'type':'string','maxLength':1000000} | /maxLength | go up to",
                "{'type':'string','minLength':3,'pattern':'^a$'} | '' | no text satisfies",
                "{'type':'integer','minimum':5,'maximum':4} | '' | no whole number",
                "{'type':'integer','minimum':0.2,'maximum':0.8} | '' | no whole number",
                "{'type':'number','multipleOf':0.3} | /multipleOf | 0.1, 0.01",
                "{'type':'array','minItems':3,'maxItems':2} | '' | at least 3",
                "{'type':'array','prefixItems':[true],'items':false,'minItems':2} | '' | at least 2",
                "{'type':'object','required':['a'],'additionalProperties':false} | '' | required and not allowed",
                "{'type':'object','minProperties':3} | '' | minProperties",
                "{'enum':[]} | '' | none of the listed",
                "{'type':'string','enum':[1]} | '' | none of the listed",
                "{'allOf':[{'type':'string'},{'type':'null'}]} | '' | no type satisfies",
                "{'anyOf':[]} | /anyOf | no alternatives",
            })
    void unsupportedKeywordsAreRejectedWithTheirPath(String schema, String path, String reason) {
        assertThatThrownBy(() -> Grammars.fromJsonSchema(schema.replace('\'', '"')))
                .isInstanceOfSatisfying(UnsupportedConstraintException.class, refusal -> {
                    assertThat(refusal.path()).isEqualTo(path.equals("''") ? "" : path);
                    assertThat(refusal.reason()).contains(reason);
                });
    }

    @Test
    void whiteSpaceBetweenTokensIsBounded() {
        GrammarText grammar = new GrammarText(Grammars.fromJsonSchema(
                "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"]}"));
        assertThat(grammar.matches("{\n" + " ".repeat(20) + "\"a\": 1\n}")).isTrue();
        assertThat(grammar.matches("{\n" + " ".repeat(21) + "\"a\": 1\n}")).isFalse();
        assertThat(grammar.matches("{\n\n\"a\": 1}")).isFalse();
        assertThat(grammar.matches("{\"a\": 1  }")).isFalse();
    }

    @Test
    void schemasWithTooLargeGrammarsAreRejectedQuickly() {
        String deep = "{\"items\":".repeat(150) + "true" + "}".repeat(150);
        assertThatThrownBy(() -> Grammars.fromJsonSchema(deep)).hasMessageContaining("nested");

        String references = IntStream.range(0, 10_000)
                .mapToObj(i -> "\"d" + i + "\":{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}")
                .collect(Collectors.joining(",", "{\"$ref\":\"#/$defs/d0\",\"$defs\":{", ",\"d10000\":true}}"));
        assertThatThrownBy(() -> Grammars.fromJsonSchema(references)).hasMessageContaining("nested 100 deep");

        String product = "{\"allOf\":["
                + "{\"anyOf\":[{\"minimum\":1},{\"minimum\":2},{\"minimum\":3},{\"minimum\":4}]},".repeat(11)
                + "true]}";
        assertThatThrownBy(() -> Grammars.fromJsonSchema(product)).hasMessageContaining("multiply");

        assertThatThrownBy(() -> Grammars.fromRegex("(a|b)*a(a|b){20}")).hasMessageContaining("too complex");
        assertThatThrownBy(() -> Grammars.fromRegex("((a{1000}){1000}){1000}")).hasMessageContaining("too large");
    }
}
