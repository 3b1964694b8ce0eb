package io.rootstock.chat.jinja.runtime;

import io.rootstock.chat.jinja.parser.Expression;
import io.rootstock.chat.jinja.parser.Statement;
import io.rootstock.chat.jinja.parser.Statement.Parameters;
import io.rootstock.chat.jinja.value.Budget;
import io.rootstock.chat.jinja.value.Function;
import io.rootstock.chat.jinja.value.JinjaException;
import io.rootstock.chat.jinja.value.Namespace;
import io.rootstock.chat.jinja.value.Python;
import io.rootstock.chat.jinja.value.Text;
import io.rootstock.chat.jinja.value.Undefined;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Executes the statements of one rendering. */
public final class Renderer {
    private static final int MAX_CALLS = 50;

    /** Control flow after a statement. */
    private enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    private final Evaluator evaluator = new Evaluator();
    private int loopDepth;
    private int callDepth;

    public void run(List<Statement> statements, Scope scope, Output out) {
        if (all(statements, scope, out) != Flow.ON) {
            throw new JinjaException("break or continue outside of a loop");
        }
    }

    private Flow all(List<Statement> statements, Scope scope, Output out) {
        Budget.enter();
        try {
            for (Statement statement : statements) {
                Budget.steps(1);
                Flow flow = one(statement, scope, out);
                if (flow != Flow.ON) {
                    return flow;
                }
            }
            return Flow.ON;
        } finally {
            Budget.leave();
        }
    }

    private Flow one(Statement statement, Scope scope, Output out) {
        return switch (statement) {
            case Statement.Data data -> {
                out.write(data.text());
                yield Flow.ON;
            }
            case Statement.Output output -> {
                out.write(Python.str(evaluate(output.value(), scope, output.line())));
                yield Flow.ON;
            }
            case Statement.If conditional -> conditional(conditional, scope, out);
            case Statement.For loop -> loop(loop, scope, out);
            case Statement.Set set -> {
                assign(set.targets(), evaluate(set.value(), scope, set.line()), scope, set.line());
                yield Flow.ON;
            }
            case Statement.SetAttribute set -> {
                if (!(scope.get(set.namespace()) instanceof Namespace namespace)) {
                    throw new JinjaException("cannot assign attribute on non-namespace object", set.line());
                }
                namespace.attributes.put(set.attribute(), evaluate(set.value(), scope, set.line()));
                yield Flow.ON;
            }
            case Statement.SetBlock set -> {
                Object text = captured(set.body(), scope);
                Object value = set.filters()
                        .map(filters -> evaluator.filter(filters, text, scope))
                        .orElse(text);
                scope.set(set.target(), value);
                yield Flow.ON;
            }
            case Statement.Macro macro -> {
                scope.set(macro.name(), macro(macro.parameters(), macro.body(), scope));
                yield Flow.ON;
            }
            case Statement.CallBlock call -> {
                Scope inner = new Scope(scope);
                inner.set("caller", macro(call.parameters(), call.body(), scope));
                out.write(Python.str(callWithCaller(call, inner)));
                yield Flow.ON;
            }
            case Statement.FilterBlock filter -> {
                Object text = captured(filter.body(), scope);
                out.write(Python.str(evaluator.filter(filter.filters(), text, scope)));
                yield Flow.ON;
            }
            case Statement.With with -> {
                Scope inner = new Scope(scope);
                for (int i = 0; i < with.names().size(); i++) {
                    inner.set(with.names().get(i), evaluate(with.values().get(i), scope, with.line()));
                }
                yield all(with.body(), inner, out);
            }
            case Statement.Generation generation -> {
                boolean before = out.generation(true);
                Flow flow = all(generation.body(), scope, out);
                out.generation(before);
                yield flow;
            }
            case Statement.Break _ -> Flow.BREAK;
            case Statement.Continue _ -> Flow.CONTINUE;
        };
    }

    private Object evaluate(Expression expression, Scope scope, int line) {
        try {
            return evaluator.evaluate(expression, scope);
        } catch (JinjaException e) {
            throw e.at(line);
        }
    }

    private Flow conditional(Statement.If conditional, Scope scope, Output out) {
        for (int i = 0; i < conditional.conditions().size(); i++) {
            if (Python.truth(evaluate(conditional.conditions().get(i), scope, conditional.line()))) {
                return all(conditional.bodies().get(i), scope, out);
            }
        }
        return all(conditional.otherwise(), scope, out);
    }

    private Flow loop(Statement.For loop, Scope scope, Output out) {
        Object collection = evaluate(loop.items(), scope, loop.line());
        List<Object> candidates = Python.items(collection)
                .orElseThrow(() ->
                        new JinjaException("'" + Python.type(collection) + "' object is not iterable", loop.line()));
        List<Object> items = loop.condition()
                .map(condition -> filtered(candidates, condition, loop, scope))
                .orElse(candidates);
        if (items.isEmpty()) {
            return all(loop.otherwise(), scope, out);
        }
        LoopState state = new LoopState(items, ++loopDepth);
        try {
            for (int i = 0; i < items.size(); i++) {
                state.moveTo(i);
                Scope inner = new Scope(scope);
                inner.set("loop", state);
                assign(loop.targets(), items.get(i), inner, loop.line());
                if (all(loop.body(), inner, out) == Flow.BREAK) {
                    break;
                }
            }
        } finally {
            loopDepth--;
        }
        return Flow.ON;
    }

    private List<Object> filtered(List<Object> candidates, Expression condition, Statement.For loop, Scope scope) {
        List<Object> items = new ArrayList<>();
        for (Object candidate : candidates) {
            Scope inner = new Scope(scope);
            assign(loop.targets(), candidate, inner, loop.line());
            if (Python.truth(evaluate(condition, inner, loop.line()))) {
                items.add(candidate);
            }
        }
        return items;
    }

    private static void assign(List<String> targets, Object value, Scope scope, int line) {
        if (targets.size() == 1) {
            scope.set(targets.getFirst(), value);
            return;
        }
        List<Object> values = Python.items(value).orElse(List.of());
        if (values.size() != targets.size()) {
            throw new JinjaException("cannot unpack " + values.size() + " values into " + targets.size(), line);
        }
        for (int i = 0; i < targets.size(); i++) {
            scope.set(targets.get(i), values.get(i));
        }
    }

    private Text captured(List<Statement> body, Scope scope) {
        Output inner = new Output();
        run(body, new Scope(scope), inner);
        return inner.text();
    }

    /** Evaluates the call of a call block; its macro can use {@code caller}. */
    private Object callWithCaller(Statement.CallBlock call, Scope inner) {
        if (!(call.call() instanceof Expression.Call function)) {
            throw new JinjaException("a call block needs a call", call.line());
        }
        List<String> names = new ArrayList<>(function.arguments().names());
        List<Expression> named = new ArrayList<>(function.arguments().named());
        names.add("caller");
        named.add(new Expression.Name("caller"));
        Expression.Arguments arguments = new Expression.Arguments(
                function.arguments().positional(),
                names,
                named,
                function.arguments().more(),
                function.arguments().moreNamed());
        return evaluate(new Expression.Call(function.function(), arguments, call.line()), inner, call.line());
    }

    private Function macro(Parameters parameters, List<Statement> body, Scope scope) {
        return (positional, named) -> {
            if (++callDepth > MAX_CALLS) {
                throw new JinjaException("macros call each other deeper than " + MAX_CALLS + " levels");
            }
            try {
                Scope inner = new Scope(scope);
                bind(parameters, positional, named, inner);
                Output out = new Output();
                run(body, inner, out);
                return out.text();
            } finally {
                callDepth--;
            }
        };
    }

    private void bind(Parameters parameters, List<Object> positional, Map<String, Object> named, Scope inner) {
        List<String> names = parameters.names();
        int required = names.size() - parameters.defaults().size();
        Map<String, Object> rest = new HashMap<>(named);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (i < positional.size()) {
                inner.set(name, positional.get(i));
            } else if (rest.containsKey(name)) {
                inner.set(name, rest.remove(name));
            } else if (i >= required) {
                inner.set(name, evaluator.evaluate(parameters.defaults().get(i - required), inner));
            } else {
                inner.set(name, new Undefined(name));
            }
        }
        Object caller = rest.remove("caller");
        if (caller != null) {
            inner.set("caller", caller);
        }
        inner.set(
                "varargs",
                List.copyOf(positional.subList(Math.min(names.size(), positional.size()), positional.size())));
        Map<Object, Object> keywords = new java.util.LinkedHashMap<>();
        rest.forEach((key, value) -> keywords.put(Text.of(key), value));
        inner.set("kwargs", keywords);
    }
}
