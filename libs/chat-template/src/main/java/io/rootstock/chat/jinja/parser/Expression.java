package io.rootstock.chat.jinja.parser;

import java.util.List;
import java.util.Optional;

/** An expression of a template. */
public sealed interface Expression {
    record Literal(Object value) implements Expression {}

    record Name(String name) implements Expression {}

    record ListLiteral(List<Expression> items) implements Expression {}

    record MapLiteral(List<Expression> keys, List<Expression> values) implements Expression {}

    /** {@code left operator right} of numbers, strings or lists. */
    record Binary(String operator, Expression left, Expression right) implements Expression {}

    record Negation(Expression value) implements Expression {}

    record Not(Expression value) implements Expression {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    /** {@code a < b <= c}: compares each pair of neighbours. */
    record Comparison(Expression first, List<String> operators, List<Expression> others) implements Expression {}

    record Conditional(Expression condition, Expression then, Optional<Expression> otherwise) implements Expression {}

    /** {@code value.name}: looks up an attribute first, then an item. */
    record Attribute(Expression value, String name) implements Expression {}

    /** {@code value[key]}: looks up an item first, then an attribute. */
    record Item(Expression value, Expression key) implements Expression {}

    record Slice(Expression value, Optional<Expression> from, Optional<Expression> to, Optional<Expression> step)
            implements Expression {}

    record Call(Expression function, Arguments arguments, int line) implements Expression {}

    record Filter(Optional<Expression> value, String name, Arguments arguments, int line) implements Expression {}

    record Test(Expression value, String name, Arguments arguments, int line) implements Expression {}

    /** Arguments of a call. */
    record Arguments(
            List<Expression> positional,
            List<String> names,
            List<Expression> named,
            Optional<Expression> more,
            Optional<Expression> moreNamed) {
        static final Arguments NONE =
                new Arguments(List.of(), List.of(), List.of(), Optional.empty(), Optional.empty());
    }
}
