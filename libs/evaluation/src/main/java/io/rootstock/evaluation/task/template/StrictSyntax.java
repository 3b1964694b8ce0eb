package io.rootstock.evaluation.task.template;

import io.rootstock.chat.jinja.parser.Expression;
import io.rootstock.chat.jinja.parser.Expression.Arguments;
import io.rootstock.chat.jinja.parser.Statement;
import io.rootstock.chat.jinja.value.JinjaException;
import io.rootstock.chat.jinja.value.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Rewrites a parsed template so that each value passes {@link TemplateFunctions}: undefined values fail as under Jinja's
 * StrictUndefined, and the size of computed texts is limited. Refuses tags and filters outside of the subset.
 */
final class StrictSyntax {
    private static final Set<String> FILTERS = Set.of(
            "abs",
            "capitalize",
            "count",
            "d",
            "default",
            "first",
            "float",
            "int",
            "items",
            "join",
            "last",
            "length",
            "list",
            "lower",
            "map",
            "max",
            "min",
            "regex_replace",
            "reject",
            "rejectattr",
            "replace",
            "reverse",
            "round",
            "select",
            "selectattr",
            "sort",
            "string",
            "sum",
            "title",
            "trim",
            "unique",
            "upper",
            "wordcount");
    private static final Set<String> MAPPED_FILTERS =
            Set.of("capitalize", "int", "length", "lower", "string", "title", "trim", "upper");

    private StrictSyntax() {}

    static List<Statement> statements(List<Statement> statements) {
        return statements.stream().map(StrictSyntax::statement).toList();
    }

    private static Statement statement(Statement statement) {
        return switch (statement) {
            case Statement.Data data -> data;
            case Statement.Output(Expression value, int line) -> new Statement.Output(strict(value), line);
            case Statement.If(var conditions, var bodies, var otherwise, int line) ->
                new Statement.If(
                        all(conditions),
                        bodies.stream().map(StrictSyntax::statements).toList(),
                        statements(otherwise),
                        line);
            case Statement.For(var targets, var items, var condition, var body, var otherwise, int line) ->
                new Statement.For(
                        targets,
                        strict(items),
                        condition.map(StrictSyntax::strict),
                        statements(body),
                        statements(otherwise),
                        line);
            case Statement.Set(var targets, var value, int line) -> new Statement.Set(targets, strict(value), line);
            case Statement.SetAttribute(var namespace, var attribute, var value, int line) ->
                new Statement.SetAttribute(namespace, attribute, strict(value), line);
            case Statement.SetBlock(var target, var filters, var body, int line) -> {
                if (filters.isPresent()) {
                    throw new JinjaException("tag 'set' with a filter is not supported", line);
                }
                yield new Statement.SetBlock(target, filters, statements(body), line);
            }
            case Statement.With(var names, var values, var body, int line) ->
                new Statement.With(names, all(values), statements(body), line);
            case Statement.Macro macro -> throw refused("macro", 0);
            case Statement.CallBlock call -> throw refused("call", call.line());
            case Statement.FilterBlock filter -> throw refused("filter", filter.line());
            case Statement.Generation _ -> throw refused("generation", 0);
            case Statement.Break _ -> throw refused("break", 0);
            case Statement.Continue _ -> throw refused("continue", 0);
        };
    }

    private static JinjaException refused(String tag, int line) {
        return new JinjaException("tag '" + tag + "' is not supported", line);
    }

    private static List<Expression> all(List<Expression> expressions) {
        return expressions.stream().map(StrictSyntax::strict).toList();
    }

    /** Returns an expression that fails where the value is undefined. */
    private static Expression strict(Expression expression) {
        return switch (expression) {
            case Expression.Name _, Expression.Attribute _, Expression.Item _ ->
                call(TemplateFunctions.DEFINED, lenient(expression));
            case Expression.Filter _, Expression.Call _, Expression.Binary _ ->
                call(TemplateFunctions.COUNTED, lenient(expression));
            default -> lenient(expression);
        };
    }

    /** Returns an expression whose own value may be undefined, but whose operands may not. */
    private static Expression lenient(Expression expression) {
        return switch (expression) {
            case Expression.Literal literal -> literal;
            case Expression.Name name -> name;
            case Expression.ListLiteral(var items) -> new Expression.ListLiteral(all(items));
            case Expression.MapLiteral(var keys, var values) -> new Expression.MapLiteral(all(keys), all(values));
            case Expression.Binary(var operator, var left, var right) ->
                new Expression.Binary(operator, strict(left), strict(right));
            case Expression.Negation(var value) -> new Expression.Negation(strict(value));
            case Expression.Not(var value) -> new Expression.Not(strict(value));
            case Expression.And(var left, var right) -> new Expression.And(strict(left), strict(right));
            case Expression.Or(var left, var right) -> new Expression.Or(strict(left), strict(right));
            case Expression.Comparison(var first, var operators, var others) ->
                new Expression.Comparison(strict(first), operators, all(others));
            case Expression.Conditional(var condition, var then, var otherwise) ->
                new Expression.Conditional(strict(condition), strict(then), otherwise.map(StrictSyntax::strict));
            case Expression.Attribute(var value, var name) -> new Expression.Attribute(strict(value), name);
            case Expression.Item(var value, var key) -> new Expression.Item(strict(value), strict(key));
            case Expression.Slice(var value, var from, var to, var step) ->
                new Expression.Slice(
                        strict(value),
                        from.map(StrictSyntax::strict),
                        to.map(StrictSyntax::strict),
                        step.map(StrictSyntax::strict));
            case Expression.Call call -> called(call);
            case Expression.Filter filter -> filtered(filter);
            case Expression.Test(var value, var name, var arguments, int line) -> {
                boolean asksForUndefined = name.equals("defined") || name.equals("undefined");
                yield new Expression.Test(
                        asksForUndefined ? lenient(value) : strict(value), name, arguments(arguments), line);
            }
        };
    }

    /** Methods whose result can be much longer than the text are called through bounded functions. */
    private static Expression called(Expression.Call call) {
        if (call.function() instanceof Expression.Attribute(var value, var name)) {
            switch (name) {
                case "replace" -> {
                    return call(TemplateFunctions.REPLACE, strict(value), call.arguments(), call.line());
                }
                case "join" -> {
                    return call(TemplateFunctions.JOIN_METHOD, strict(value), call.arguments(), call.line());
                }
                case "format", "center", "expandtabs" ->
                    throw new JinjaException("method '" + name + "' is not supported", call.line());
                default -> {}
            }
        }
        return new Expression.Call(strict(call.function()), arguments(call.arguments()), call.line());
    }

    private static Expression filtered(Expression.Filter filter) {
        String name = filter.name();
        Expression value = filter.value()
                .orElseThrow(() -> new JinjaException("filter '" + name + "' has no value", filter.line()));
        if (!FILTERS.contains(name)) {
            throw new JinjaException("filter '" + name + "' is not supported", filter.line());
        }
        return switch (name) {
            case "regex_replace" ->
                call(TemplateFunctions.REGEX_REPLACE, strict(value), filter.arguments(), filter.line());
            case "replace" -> call(TemplateFunctions.REPLACE, strict(value), filter.arguments(), filter.line());
            case "join" -> call(TemplateFunctions.JOIN, strict(value), filter.arguments(), filter.line());
            case "default", "d" ->
                new Expression.Filter(Optional.of(lenient(value)), name, arguments(filter.arguments()), filter.line());
            default -> {
                requireMappedFilter(filter);
                yield new Expression.Filter(
                        Optional.of(strict(value)), name, arguments(filter.arguments()), filter.line());
            }
        };
    }

    private static void requireMappedFilter(Expression.Filter filter) {
        List<Expression> positional = filter.arguments().positional();
        if (!filter.name().equals("map") || positional.isEmpty()) {
            return;
        }
        if (!(positional.getFirst() instanceof Expression.Literal(Text mapped))
                || !MAPPED_FILTERS.contains(mapped.toString())) {
            throw new JinjaException("map() of this filter is not supported", filter.line());
        }
    }

    private static Arguments arguments(Arguments arguments) {
        return new Arguments(
                all(arguments.positional()),
                arguments.names(),
                all(arguments.named()),
                arguments.more().map(StrictSyntax::strict),
                arguments.moreNamed().map(StrictSyntax::strict));
    }

    private static Expression call(String function, Expression value) {
        return new Expression.Call(new Expression.Name(function), one(value), 0);
    }

    private static Expression call(String function, Expression value, Arguments arguments, int line) {
        Arguments rewritten = arguments(arguments);
        List<Expression> positional = new ArrayList<>(List.of(value));
        positional.addAll(rewritten.positional());
        return new Expression.Call(
                new Expression.Name(function),
                new Arguments(
                        positional, rewritten.names(), rewritten.named(), rewritten.more(), rewritten.moreNamed()),
                line);
    }

    private static Arguments one(Expression value) {
        return new Arguments(List.of(value), List.of(), List.of(), Optional.empty(), Optional.empty());
    }
}
