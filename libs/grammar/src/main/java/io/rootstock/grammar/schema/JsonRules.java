package io.rootstock.grammar.schema;

import io.rootstock.grammar.gbnf.AutomatonRules;
import io.rootstock.grammar.gbnf.GrammarRules;
import io.rootstock.grammar.regex.CodePoints;

/**
 * Rules of JSON itself, defined at their first use. Values without a schema are nested at most {@value #MAX_VALUE_DEPTH}
 * deep, so that a model that only opens brackets terminates.
 */
public final class JsonRules {
    static final int MAX_VALUE_DEPTH = 16;

    private final GrammarRules rules;

    public JsonRules(GrammarRules rules) {
        this.rules = rules;
    }

    /** White space between tokens: none, a space, or a line break with indentation. */
    String space() {
        return once("ws", "\"\" | \" \" | \"\\n\" [ \\t]{0,20}");
    }

    /** A character of a string, or its escape. */
    String character() {
        CodePoints plain = AutomatonRules.UNESCAPED.minus(CodePoints.range(0x7F, 0x9F));
        return once(
                "char",
                GrammarRules.characters(plain)
                        + " | \"\\\\\" ([\\x22\\x5C/bfnrt] | \"u00\" ([0] [1-9a-f] | [1] [0-9a-f]))");
    }

    String string() {
        return once("string", "\"\\\"\" " + character() + "* \"\\\"\"");
    }

    String integer() {
        return once("integer", "\"-\"? ([0] | [1-9] [0-9]{0,15})");
    }

    String number() {
        return once("number", integer() + " (\".\" [0-9]{1,16})? ([eE] [+\\-]? [0-9]{1,2})?");
    }

    String bool() {
        return once("boolean", "\"true\" | \"false\"");
    }

    String nothing() {
        return once("null", "\"null\"");
    }

    /** Rule of any JSON value, nested at most {@code MAX_VALUE_DEPTH} deep. */
    String value() {
        return value(MAX_VALUE_DEPTH);
    }

    /** Rule of a JSON object with any members. */
    public String object() {
        return object(MAX_VALUE_DEPTH);
    }

    /** Rule of a JSON array of any values. */
    String array() {
        return array(MAX_VALUE_DEPTH);
    }

    private String value(int depth) {
        String name = "value-" + depth;
        if (rules.has(name)) {
            return name;
        }
        String scalar = String.join(" | ", string(), number(), bool(), nothing());
        return rules.define(name, depth == 0 ? scalar : object(depth) + " | " + array(depth) + " | " + scalar);
    }

    private String object(int depth) {
        String name = "object-" + depth;
        if (rules.has(name)) {
            return name;
        }
        String pair = string() + " \":\" " + space() + " " + value(depth - 1);
        return rules.define(
                name, "\"{\" %s (%s (\",\" %s %s)* %s)? \"}\"".formatted(space(), pair, space(), pair, space()));
    }

    private String array(int depth) {
        String name = "array-" + depth;
        if (rules.has(name)) {
            return name;
        }
        String value = value(depth - 1);
        return rules.define(
                name, "\"[\" %s (%s (\",\" %s %s)* %s)? \"]\"".formatted(space(), value, space(), value, space()));
    }

    private String once(String name, String body) {
        return rules.has(name) ? name : rules.define(name, body);
    }
}
