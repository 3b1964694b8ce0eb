package io.rootstock.grammar.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.grammar.Grammars;
import io.rootstock.grammar.RelaxedGrammar;
import io.rootstock.grammar.error.UnsupportedConstraintException;
import io.rootstock.grammar.gbnf.GrammarText;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Schemas whose unsupported keywords are ignored and listed; the other keywords stay enforced. */
class RelaxedSchemaTest {
    private static RelaxedGrammar relaxed(String schema) {
        return Grammars.fromJsonSchemaRelaxed(schema.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'type':'string','format':'uri','maxLength':5} | /format | 'any' | 'longer'",
                "{'type':'string','format':'binary'} | /format | 'any' | 1",
                "{'type':'array','uniqueItems':true,'items':{'type':'integer'}} | /uniqueItems | [1,1] | ['a']",
                "{'type':'string','pattern':'^(?=a)b$','minLength':2} | /pattern | 'ab' | 'a'",
                "{'type':'integer','not':{'const':3}} | /not | 3 | 'a'",
                "{'type':'string','nullable':true} | /nullable | 'a' | null",
                "{'type':'object','properties':{'a':{'type':'null'}},'patternProperties':{'^x':true}} | /patternProperties | {'a':null} | {'a':1}",
                "{'type':'object','properties':{'a/b':{'type':'string','format':'path'}},'required':['a/b']} | /properties/a~1b/format | {'a/b':'x'} | {'a/b':1}",
                "{'type':'array','items':{'$ref':'#/$defs/u'},'$defs':{'u':{'type':'string','format':'uri'}}} | /$defs/u/format | ['a'] | [1]",
                "{'type':'integer','minimum':3,'maximum':9223372036854775807} | /maximum | 4 | 2",
                "{'type':'integer','minimum':0,'exclusiveMinimum':true} | /exclusiveMinimum | 0 | -1",
                "{'type':'number','multipleOf':0.3,'maximum':2} | /multipleOf | 0.5 | 3",
                "{'type':'integer','multipleOf':1001,'maximum':2} | /multipleOf | 2 | 3",
                "{'type':'integer','multipleOf':0.5,'maximum':2} | /multipleOf | 2 | 3",
                "{'type':'string','maxLength':5242880} | /maxLength | 'a' | 1",
                "{'type':'string','pattern':'^a+$','maxLength':5000} | /maxLength | 'aa' | 'b'",
                "{'type':'array','items':[{'type':'null'}],'maxItems':2} | /items | [1,2] | [1,2,3]",
                "{'type':'object','additionalProperties':{'type':'null'},'minProperties':2} | /minProperties | {'a':null} | {'a':1}",
                "{'type':'object','properties':{'a':true},'additionalProperties':true,'maxProperties':2} | /maxProperties | {'a':1,'b':2,'c':3} | []",
                "{'type':'object','propertyNames':{'anyOf':[{'const':'a'}]},'additionalProperties':{'type':'null'}} | /propertyNames | {'b':null} | {'b':1}",
                "{'properties':{'a':{'$ref':'other.json','type':'null'}},'required':['a']} | /properties/a/$ref | {'a':null} | {'a':1}",
            })
    void theKeywordIsIgnoredAndTheRestEnforced(String schema, String pointer, String valid, String invalid) {
        RelaxedGrammar relaxed = relaxed(schema);
        assertThat(relaxed.ignored()).containsExactly(pointer);
        GrammarText grammar = new GrammarText(relaxed.grammar());
        assertThat(grammar.matches(valid.replace('\'', '"'))).as(valid).isTrue();
        assertThat(grammar.matches(invalid.replace('\'', '"'))).as(invalid).isFalse();

        assertThatThrownBy(() -> Grammars.fromJsonSchema(schema.replace('\'', '"')))
                .isInstanceOf(UnsupportedConstraintException.class);
    }

    @Test
    void aSupportedSchemaIgnoresNothing() {
        String schema = Schemas.ALL.get("person");
        RelaxedGrammar relaxed = Grammars.fromJsonSchemaRelaxed(schema);
        assertThat(relaxed.ignored()).isEmpty();
        assertThat(relaxed.grammar()).isEqualTo(Grammars.fromJsonSchema(schema));
    }

    @Test
    void atMostTwentyKeywordsAreListed() {
        String properties = IntStream.range(0, 30)
                .mapToObj(i -> "'p" + i + "':{'type':'string','format':'uri'}")
                .collect(Collectors.joining(","));
        RelaxedGrammar relaxed = relaxed("{'type':'object','properties':{" + properties + "}}");
        assertThat(relaxed.ignored()).hasSize(20).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'type':'text'} | /type: \"text\" is not a type",
                "{'$ref':'#/$defs/x'} | /$ref: there is no",
                "{'anyOf':[]} | /anyOf: has no alternatives",
                "{'type':'integer','minimum':5,'maximum':4} | no whole number",
                "{'type':'string','format':'uri','maxLength':-1} | /maxLength: must be a whole number",
                "{ | not JSON",
            })
    void invalidSchemasAreRejected(String schema, String message) {
        assertThatThrownBy(() -> relaxed(schema))
                .isInstanceOf(UnsupportedConstraintException.class)
                .hasMessageContaining(message);
    }
}
