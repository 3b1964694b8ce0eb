package io.rootstock.chat.jinja.parser;

import io.rootstock.chat.jinja.parser.Expression.Arguments;
import io.rootstock.chat.jinja.parser.Token.Kind;
import io.rootstock.chat.jinja.value.JinjaException;
import io.rootstock.chat.jinja.value.None;
import io.rootstock.chat.jinja.value.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Parses expressions with Jinja's precedences. */
final class ExpressionParser {
    private static final int MAX_DEPTH = 200;
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final TokenCursor tokens;
    private int depth;

    ExpressionParser(TokenCursor tokens) {
        this.tokens = tokens;
    }

    /** Parses a complete expression, including {@code a if b else c}. */
    Expression expression() {
        enter();
        try {
            Expression value = withoutConditional();
            while (tokens.skipName("if")) {
                Expression condition = withoutConditional();
                Optional<Expression> otherwise = tokens.skipName("else") ? Optional.of(expression()) : Optional.empty();
                value = new Expression.Conditional(condition, value, otherwise);
            }
            return value;
        } finally {
            depth--;
        }
    }

    private void enter() {
        if (++depth > MAX_DEPTH) {
            throw new JinjaException("expressions are nested deeper than " + MAX_DEPTH + " levels", tokens.line());
        }
    }

    /** Parses an expression; several with commas are a tuple. */
    Expression tuple() {
        Expression first = expression();
        if (!tokens.isOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",") && startsExpression()) {
            items.add(expression());
        }
        return new Expression.ListLiteral(items);
    }

    /** Parses an expression that ends before {@code if}: the iterable of a loop. */
    Expression withoutConditional() {
        Expression left = conjunction();
        while (tokens.skipName("or")) {
            left = new Expression.Or(left, conjunction());
        }
        return left;
    }

    /** Parses filters without their value: {@code |trim|upper}; without the first bar if {@code bare}. */
    Expression filters(boolean bare) {
        Expression filter = null;
        while ((bare && filter == null) || tokens.skipOperator("|")) {
            filter = filter(Optional.ofNullable(filter));
        }
        return filter;
    }

    private Expression conjunction() {
        Expression left = not();
        while (tokens.skipName("and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() {
        if (!tokens.skipName("not")) {
            return comparison();
        }
        enter();
        Expression value = new Expression.Not(not());
        depth--;
        return value;
    }

    private Expression comparison() {
        Expression first = sum();
        List<String> operators = new ArrayList<>();
        List<Expression> others = new ArrayList<>();
        while (true) {
            if (tokens.peek().kind() == Kind.OPERATOR
                    && COMPARISONS.contains(tokens.peek().text())) {
                operators.add(tokens.next().text());
            } else if (tokens.skipName("in")) {
                operators.add("in");
            } else if (tokens.isName("not") && tokens.peekSecond().is(Kind.NAME, "in")) {
                tokens.next();
                tokens.next();
                operators.add("not in");
            } else {
                return operators.isEmpty() ? first : new Expression.Comparison(first, operators, others);
            }
            others.add(sum());
        }
    }

    private Expression sum() {
        Expression left = concatenation();
        while (tokens.isOperator("+") || tokens.isOperator("-")) {
            left = new Expression.Binary(tokens.next().text(), left, concatenation());
        }
        return left;
    }

    private Expression concatenation() {
        Expression left = product();
        while (tokens.skipOperator("~")) {
            left = new Expression.Binary("~", left, product());
        }
        return left;
    }

    private Expression product() {
        Expression left = power();
        while (tokens.isOperator("*") || tokens.isOperator("/") || tokens.isOperator("//") || tokens.isOperator("%")) {
            left = new Expression.Binary(tokens.next().text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (tokens.skipOperator("**")) {
            left = new Expression.Binary("**", left, unary(true));
        }
        return left;
    }

    private Expression unary(boolean withFilters) {
        Expression value;
        enter();
        if (tokens.skipOperator("-")) {
            value = new Expression.Negation(unary(false));
        } else if (tokens.skipOperator("+")) {
            value = unary(false);
        } else {
            value = postfix(primary());
        }
        depth--;
        return withFilters ? filtersAndTests(value) : value;
    }

    private Expression primary() {
        Token token = tokens.next();
        return switch (token.kind()) {
            case NAME ->
                switch (token.text()) {
                    case "true", "True" -> new Expression.Literal(true);
                    case "false", "False" -> new Expression.Literal(false);
                    case "none", "None" -> new Expression.Literal(None.NONE);
                    default -> new Expression.Name(token.text());
                };
            case STRING -> {
                StringBuilder text = new StringBuilder(token.text());
                while (tokens.peek().kind() == Kind.STRING) {
                    text.append(tokens.next().text());
                }
                yield new Expression.Literal(Text.of(text.toString()));
            }
            case INTEGER -> new Expression.Literal(integer(token));
            case FLOAT -> new Expression.Literal(Double.valueOf(token.text()));
            case OPERATOR ->
                switch (token.text()) {
                    case "(" -> parenthesized();
                    case "[" -> new Expression.ListLiteral(items("]"));
                    case "{" -> map();
                    default -> throw new JinjaException("unexpected '" + token.text() + "'", token.line());
                };
            case DATA, OUTPUT_BEGIN, OUTPUT_END, BLOCK_BEGIN, BLOCK_END, END ->
                throw new JinjaException("expected an expression", token.line());
        };
    }

    private static Long integer(Token token) {
        try {
            return Long.valueOf(token.text());
        } catch (NumberFormatException _) {
            throw new JinjaException("the number " + token.text() + " is too large", token.line());
        }
    }

    private Expression parenthesized() {
        if (tokens.skipOperator(")")) {
            return new Expression.ListLiteral(List.of());
        }
        Expression inner = tuple();
        tokens.expectOperator(")");
        return inner;
    }

    private List<Expression> items(String end) {
        List<Expression> items = new ArrayList<>();
        while (!tokens.skipOperator(end)) {
            items.add(expression());
            if (!tokens.isOperator(end)) {
                tokens.expectOperator(",");
            }
        }
        return items;
    }

    private Expression map() {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.skipOperator("}")) {
            keys.add(expression());
            tokens.expectOperator(":");
            values.add(expression());
            if (!tokens.isOperator("}")) {
                tokens.expectOperator(",");
            }
        }
        return new Expression.MapLiteral(keys, values);
    }

    private Expression postfix(Expression start) {
        Expression value = start;
        while (true) {
            int line = tokens.line();
            if (tokens.skipOperator(".")) {
                Token name = tokens.next();
                value = switch (name.kind()) {
                    case NAME -> new Expression.Attribute(value, name.text());
                    case INTEGER -> new Expression.Item(value, new Expression.Literal(integer(name)));
                    default -> throw new JinjaException("expected a name behind '.'", line);
                };
            } else if (tokens.skipOperator("[")) {
                value = subscript(value);
            } else if (tokens.isOperator("(")) {
                value = new Expression.Call(value, arguments(), line);
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression value) {
        Optional<Expression> from = tokens.isOperator(":") ? Optional.empty() : Optional.of(expression());
        if (tokens.skipOperator("]")) {
            return new Expression.Item(value, from.orElseThrow());
        }
        tokens.expectOperator(":");
        Optional<Expression> to = bound();
        Optional<Expression> step = tokens.skipOperator(":") ? bound() : Optional.empty();
        tokens.expectOperator("]");
        return new Expression.Slice(value, from, to, step);
    }

    private Optional<Expression> bound() {
        return tokens.isOperator(":") || tokens.isOperator("]") ? Optional.empty() : Optional.of(expression());
    }

    private Expression filtersAndTests(Expression start) {
        Expression value = start;
        while (true) {
            int line = tokens.line();
            if (tokens.skipOperator("|")) {
                value = filter(Optional.of(value));
            } else if (tokens.skipName("is")) {
                value = test(value);
            } else if (tokens.isOperator("(")) {
                value = new Expression.Call(value, arguments(), line);
            } else {
                return value;
            }
        }
    }

    private Expression filter(Optional<Expression> value) {
        int line = tokens.line();
        String name = tokens.name();
        return new Expression.Filter(value, name, tokens.isOperator("(") ? arguments() : Arguments.NONE, line);
    }

    private Expression test(Expression value) {
        int line = tokens.line();
        boolean negated = tokens.skipName("not");
        String name = tokens.name();
        Arguments arguments = Arguments.NONE;
        if (tokens.isOperator("(")) {
            arguments = arguments();
        } else if (startsExpression() && !tokens.isName("is")) {
            Expression argument = postfix(primary());
            arguments = new Arguments(List.of(argument), List.of(), List.of(), Optional.empty(), Optional.empty());
        }
        Expression test = new Expression.Test(value, name, arguments, line);
        return negated ? new Expression.Not(test) : test;
    }

    private boolean startsExpression() {
        Token token = tokens.peek();
        return switch (token.kind()) {
            case STRING, INTEGER, FLOAT -> true;
            case NAME ->
                !Set.of("if", "else", "or", "and", "in", "not", "recursive").contains(token.text());
            case OPERATOR -> Set.of("(", "[", "{").contains(token.text());
            case DATA, OUTPUT_BEGIN, OUTPUT_END, BLOCK_BEGIN, BLOCK_END, END -> false;
        };
    }

    /** Parses arguments in parentheses. */
    Arguments arguments() {
        tokens.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<Expression> named = new ArrayList<>();
        Optional<Expression> more = Optional.empty();
        Optional<Expression> moreNamed = Optional.empty();
        while (!tokens.skipOperator(")")) {
            if (tokens.skipOperator("**")) {
                moreNamed = Optional.of(expression());
            } else if (tokens.skipOperator("*")) {
                more = Optional.of(expression());
            } else if (tokens.peek().kind() == Kind.NAME && tokens.peekSecond().is(Kind.OPERATOR, "=")) {
                names.add(tokens.name());
                tokens.expectOperator("=");
                named.add(expression());
            } else {
                positional.add(expression());
            }
            if (!tokens.isOperator(")")) {
                tokens.expectOperator(",");
            }
        }
        return new Arguments(positional, names, named, more, moreNamed);
    }
}
