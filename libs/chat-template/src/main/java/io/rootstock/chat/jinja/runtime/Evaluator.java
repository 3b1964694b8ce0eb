package io.rootstock.chat.jinja.runtime;

import io.rootstock.chat.jinja.parser.Expression;
import io.rootstock.chat.jinja.value.Budget;
import io.rootstock.chat.jinja.value.Function;
import io.rootstock.chat.jinja.value.JinjaException;
import io.rootstock.chat.jinja.value.None;
import io.rootstock.chat.jinja.value.Operators;
import io.rootstock.chat.jinja.value.Python;
import io.rootstock.chat.jinja.value.Slices;
import io.rootstock.chat.jinja.value.Text;
import io.rootstock.chat.jinja.value.Undefined;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Evaluates expressions within the {@link Budget} of the rendering. */
final class Evaluator {
    Object evaluate(Expression expression, Scope scope) {
        Budget.enter();
        try {
            return value(expression, scope);
        } finally {
            Budget.leave();
        }
    }

    private Object value(Expression expression, Scope scope) {
        return switch (expression) {
            case Expression.Literal literal -> literal.value();
            case Expression.Name name -> scope.get(name.name());
            case Expression.ListLiteral list -> all(list.items(), scope);
            case Expression.MapLiteral map -> map(map, scope);
            case Expression.Binary binary ->
                Operators.binary(binary.operator(), evaluate(binary.left(), scope), evaluate(binary.right(), scope));
            case Expression.Negation negation -> Operators.negated(evaluate(negation.value(), scope));
            case Expression.Not not -> !Python.truth(evaluate(not.value(), scope));
            case Expression.And and -> {
                Object left = evaluate(and.left(), scope);
                yield Python.truth(left) ? evaluate(and.right(), scope) : left;
            }
            case Expression.Or or -> {
                Object left = evaluate(or.left(), scope);
                yield Python.truth(left) ? left : evaluate(or.right(), scope);
            }
            case Expression.Comparison comparison -> compare(comparison, scope);
            case Expression.Conditional conditional ->
                Python.truth(evaluate(conditional.condition(), scope))
                        ? evaluate(conditional.then(), scope)
                        : conditional
                                .otherwise()
                                .map(otherwise -> evaluate(otherwise, scope))
                                .orElseGet(() -> new Undefined("an if without else"));
            case Expression.Attribute attribute ->
                Attributes.attribute(evaluate(attribute.value(), scope), attribute.name());
            case Expression.Item item -> Attributes.item(evaluate(item.value(), scope), evaluate(item.key(), scope));
            case Expression.Slice slice ->
                Slices.slice(
                        evaluate(slice.value(), scope),
                        bound(slice.from(), scope),
                        bound(slice.to(), scope),
                        bound(slice.step(), scope));
            case Expression.Call call -> call(call, scope);
            case Expression.Filter filter ->
                filtered(
                        filter,
                        filter.value().map(value -> evaluate(value, scope)).orElse(Text.EMPTY),
                        scope);
            case Expression.Test test -> {
                Object value = evaluate(test.value(), scope);
                Arguments arguments = arguments(test.arguments(), scope);
                yield located(test.line(), () -> Tests.test(test.name(), value, arguments));
            }
        };
    }

    /** Applies a chain of filters that was parsed without its value. */
    Object filter(Expression filters, Object value, Scope scope) {
        Budget.enter();
        try {
            Expression.Filter filter = (Expression.Filter) filters;
            Object input =
                    filter.value().map(inner -> filter(inner, value, scope)).orElse(value);
            return filtered(filter, input, scope);
        } finally {
            Budget.leave();
        }
    }

    private Object filtered(Expression.Filter filter, Object value, Scope scope) {
        Arguments arguments = arguments(filter.arguments(), scope);
        return located(filter.line(), () -> CollectionFilters.filtered(filter.name(), value, arguments));
    }

    private Object call(Expression.Call call, Scope scope) {
        Object function = evaluate(call.function(), scope);
        Arguments arguments = arguments(call.arguments(), scope);
        return located(call.line(), () -> switch (function) {
            case Function callable -> callable.call(arguments.positional(), arguments.named());
            case Undefined undefined -> throw undefined.error();
            default -> throw new JinjaException("'" + Python.type(function) + "' object is not callable");
        });
    }

    private static Object located(int line, java.util.function.Supplier<Object> computation) {
        try {
            return computation.get();
        } catch (JinjaException e) {
            throw e.at(line);
        }
    }

    List<Object> all(List<Expression> expressions, Scope scope) {
        Budget.items(expressions.size());
        List<Object> values = new ArrayList<>();
        expressions.forEach(expression -> values.add(evaluate(expression, scope)));
        return values;
    }

    private Map<Object, Object> map(Expression.MapLiteral literal, Scope scope) {
        Budget.items(literal.keys().size());
        Map<Object, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < literal.keys().size(); i++) {
            map.put(
                    Python.key(evaluate(literal.keys().get(i), scope)),
                    evaluate(literal.values().get(i), scope));
        }
        return map;
    }

    private boolean compare(Expression.Comparison comparison, Scope scope) {
        Object left = evaluate(comparison.first(), scope);
        for (int i = 0; i < comparison.operators().size(); i++) {
            Object right = evaluate(comparison.others().get(i), scope);
            if (!Operators.compare(comparison.operators().get(i), left, right)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private Object bound(Optional<Expression> bound, Scope scope) {
        return bound.map(expression -> evaluate(expression, scope)).orElse(None.NONE);
    }

    private Arguments arguments(Expression.Arguments given, Scope scope) {
        List<Object> positional = all(given.positional(), scope);
        given.more().ifPresent(more -> positional.addAll(Python.list(evaluate(more, scope))));
        Map<String, Object> named = new LinkedHashMap<>();
        for (int i = 0; i < given.names().size(); i++) {
            named.put(given.names().get(i), evaluate(given.named().get(i), scope));
        }
        given.moreNamed().ifPresent(more -> {
            if (evaluate(more, scope) instanceof Map<?, ?> map) {
                Budget.items(map.size());
                map.forEach((key, value) -> named.put(Python.str(key).toString(), value));
            }
        });
        return new Arguments(positional, named);
    }
}
