package io.rootstock.chat.jinja.parser;

import io.rootstock.chat.jinja.value.Text;
import java.util.List;
import java.util.Optional;

/** A statement of a template. */
public sealed interface Statement {
    record Data(Text text) implements Statement {}

    record Output(Expression value, int line) implements Statement {}

    record If(List<Expression> conditions, List<List<Statement>> bodies, List<Statement> otherwise, int line)
            implements Statement {}

    record For(
            List<String> targets,
            Expression items,
            Optional<Expression> condition,
            List<Statement> body,
            List<Statement> otherwise,
            int line)
            implements Statement {}

    record Set(List<String> targets, Expression value, int line) implements Statement {}

    /** {@code set namespace.attribute = value}. */
    record SetAttribute(String namespace, String attribute, Expression value, int line) implements Statement {}

    /** {@code set name}...{@code endset}, with filters. */
    record SetBlock(String target, Optional<Expression> filters, List<Statement> body, int line) implements Statement {}

    record Macro(String name, Parameters parameters, List<Statement> body) implements Statement {}

    /** {@code call(parameters) macro(...)}...{@code endcall}. */
    record CallBlock(Parameters parameters, Expression call, List<Statement> body, int line) implements Statement {}

    record FilterBlock(Expression filters, List<Statement> body, int line) implements Statement {}

    record With(List<String> names, List<Expression> values, List<Statement> body, int line) implements Statement {}

    /** {@code generation}...{@code endgeneration}: text of the assistant, which the loss mask includes. */
    record Generation(List<Statement> body) implements Statement {}

    record Break() implements Statement {}

    record Continue() implements Statement {}

    /** Parameters of a macro: the last {@code defaults.size()} have defaults. */
    record Parameters(List<String> names, List<Expression> defaults) {}
}
