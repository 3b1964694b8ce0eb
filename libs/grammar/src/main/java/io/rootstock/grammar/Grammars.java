package io.rootstock.grammar;

import io.rootstock.grammar.error.UnsupportedConstraintException;
import io.rootstock.grammar.gbnf.AutomatonRules;
import io.rootstock.grammar.gbnf.GrammarCheck;
import io.rootstock.grammar.gbnf.GrammarRules;
import io.rootstock.grammar.regex.Automaton;
import io.rootstock.grammar.regex.CodePoints;
import io.rootstock.grammar.regex.RegexParser;
import io.rootstock.grammar.schema.JsonRules;
import io.rootstock.grammar.schema.SchemaReader;
import io.rootstock.grammar.schema.SchemaRules;
import io.rootstock.grammar.schema.UnsupportedKeywords;
import java.util.List;

/**
 * Converts constraints to grammars in llama.cpp's GBNF with the root rule {@code root}. For example,
 * {@code fromChoices(List.of("yes", "no"))} is equivalent to {@code root ::= "no" | "yes"}.
 *
 * <p>Each method throws {@link UnsupportedConstraintException} with path and reason if the constraint cannot be enforced.
 */
public final class Grammars {
    private static final int MAX_CHOICES = 1000;
    private static final int MAX_CHOICES_LENGTH = 100_000;

    private Grammars() {}

    /**
     * The grammar of values that conform to this JSON Schema, in the subset of 2020-12 that
     * docs/reference/openai-api.md lists.
     */
    public static String fromJsonSchema(String schema) {
        return fromJsonSchema(schema, UnsupportedKeywords.rejected());
    }

    /**
     * The grammar of values that conform to the supported keywords of this JSON Schema. Unsupported keywords are ignored
     * and listed; an invalid schema, and one that no value satisfies, is rejected.
     */
    public static RelaxedGrammar fromJsonSchemaRelaxed(String schema) {
        UnsupportedKeywords unsupported = UnsupportedKeywords.ignored();
        String grammar = fromJsonSchema(schema, unsupported);
        return new RelaxedGrammar(grammar, unsupported.pointers());
    }

    private static String fromJsonSchema(String schema, UnsupportedKeywords unsupported) {
        SchemaReader reader = SchemaReader.read(schema, unsupported);
        GrammarRules rules = new GrammarRules();
        rules.define(GrammarRules.ROOT, new SchemaRules(reader, rules).rule(List.of(reader.root())));
        return checked(rules);
    }

    /** A grammar in GBNF, checked and unchanged; its root rule is {@code root}. */
    public static String fromGbnf(String grammar) {
        GrammarCheck.check(grammar);
        return grammar;
    }

    /** The grammar of JSON objects. */
    public static String jsonObject() {
        GrammarRules rules = new GrammarRules();
        rules.define(GrammarRules.ROOT, new JsonRules(rules).object());
        return checked(rules);
    }

    /** The grammar of texts that match a regular expression as a whole. */
    public static String fromRegex(String regex) {
        Automaton automaton = Automaton.of("", RegexParser.whole("", regex));
        if (automaton.isEmpty()) {
            throw new UnsupportedConstraintException("", "nothing matches the expression");
        }
        GrammarRules rules = new GrammarRules();
        rules.define(GrammarRules.ROOT, new AutomatonRules(rules).plain(automaton, "s"));
        return checked(rules);
    }

    /** The grammar of one of these texts; 1 to 1000 texts, none empty. */
    public static String fromChoices(List<String> choices) {
        if (choices.isEmpty() || choices.size() > MAX_CHOICES) {
            throw new UnsupportedConstraintException(
                    "", "there must be 1 to " + MAX_CHOICES + " choices, there are " + choices.size());
        }
        if (choices.stream().mapToInt(String::length).sum() > MAX_CHOICES_LENGTH) {
            throw new UnsupportedConstraintException(
                    "", "the choices can have " + MAX_CHOICES_LENGTH + " characters together");
        }
        for (int i = 0; i < choices.size(); i++) {
            String choice = choices.get(i);
            if (choice.isEmpty() || choice.codePoints().anyMatch(c -> !CodePoints.ALL.contains(c))) {
                throw new UnsupportedConstraintException(
                        "[" + i + "]", "a choice must not be empty, and hold no U+0000 and no half of a character");
            }
        }
        GrammarRules rules = new GrammarRules();
        rules.define(GrammarRules.ROOT, new AutomatonRules(rules).choices(choices, "c"));
        return checked(rules);
    }

    private static String checked(GrammarRules rules) {
        String text = rules.text();
        GrammarCheck.check(text);
        return text;
    }
}
