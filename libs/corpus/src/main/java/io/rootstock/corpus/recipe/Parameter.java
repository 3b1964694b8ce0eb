package io.rootstock.corpus.recipe;

import java.util.List;

/**
 * A parameter of a step.
 *
 * @param name lower-case words with underscores
 * @param type type and bounds
 * @param standard default value, of the type's class
 * @param description meaning and unit, one sentence
 */
public record Parameter(String name, Type type, Object standard, String description) {
    /** Type and bounds of a parameter. */
    public sealed interface Type {
        /** An integer; values are Long. */
        record Whole(long least, long most) implements Type {}

        /** A number; values are Double. */
        record Decimal(double least, double most) implements Type {}

        /** True or false; values are Boolean. */
        record Truth() implements Type {}

        /** A text; values are String. */
        record Word() implements Type {}

        /** One of several texts; values are String. */
        record Choice(List<String> choices) implements Type {
            public Choice {
                choices = List.copyOf(choices);
            }
        }

        /** A list of texts; values are lists of String. */
        record Words() implements Type {}
    }

    /** An integer parameter. */
    public static Parameter integer(String name, long least, long most, long standard, String description) {
        return new Parameter(name, new Type.Whole(least, most), standard, description);
    }

    public static Parameter decimal(String name, double least, double most, double standard, String description) {
        return new Parameter(name, new Type.Decimal(least, most), standard, description);
    }

    /** A parameter that is true or false. */
    public static Parameter flag(String name, boolean standard, String description) {
        return new Parameter(name, new Type.Truth(), standard, description);
    }

    /** A text parameter. */
    public static Parameter word(String name, String standard, String description) {
        return new Parameter(name, new Type.Word(), standard, description);
    }

    /** One of several texts. */
    public static Parameter choice(String name, List<String> choices, String standard, String description) {
        return new Parameter(name, new Type.Choice(choices), standard, description);
    }

    /** A list of texts. */
    public static Parameter words(String name, List<String> standard, String description) {
        return new Parameter(name, new Type.Words(), List.copyOf(standard), description);
    }
}
