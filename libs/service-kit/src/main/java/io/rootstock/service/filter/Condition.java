package io.rootstock.service.filter;

import java.util.List;

/** A parsed filter. */
public sealed interface Condition<A> {
    /** All conditions are true; an empty list is true. */
    record And<A>(List<Condition<A>> conditions) implements Condition<A> {}

    /** At least one condition is true. */
    record Or<A>(List<Condition<A>> conditions) implements Condition<A> {}

    /** The condition is not true. */
    record Not<A>(Condition<A> condition) implements Condition<A> {}

    /** The field compared with a value of its type; an ENUM by EQUAL only, PREFIX for a TEXT only. */
    record Comparison<A>(Field<A> field, Operator operator, Object value) implements Condition<A> {}

    /** The tag compared with a value; false without the tag. */
    record TagComparison<A>(Field<A> field, String key, Operator operator, String value) implements Condition<A> {}

    /** The element has the tag. */
    record HasTag<A>(Field<A> field, String key) implements Condition<A> {}

    /** Comparison of a field with a value. */
    enum Operator {
        EQUAL("="),
        LESS("<"),
        AT_MOST("<="),
        GREATER(">"),
        AT_LEAST(">="),
        /** Begins with the value. */
        PREFIX("= TEXT*");

        private final String text;

        Operator(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }
}
