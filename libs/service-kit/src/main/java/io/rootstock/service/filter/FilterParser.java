package io.rootstock.service.filter;

import io.grpc.StatusRuntimeException;
import io.rootstock.service.Errors;
import io.rootstock.service.filter.Condition.Operator;
import io.rootstock.service.filter.FilterLexer.Kind;
import io.rootstock.service.filter.FilterLexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Parser of filters, a subset of AIP-160: comparisons of fields with values, {@code AND}, {@code OR}, which binds
 * stronger than {@code AND}, {@code NOT} or {@code -}, and parentheses.
 */
final class FilterParser<A> {
    /** Maximum number of characters of a filter. */
    static final int MAX_LENGTH = 2000;

    private static final int MAX_COMPARISONS = 50;
    private static final int MAX_DEPTH = 20;

    private final ListFields<A> fields;
    private final List<Token> tokens;
    private int next;
    private int comparisons;
    private int depth;

    private FilterParser(ListFields<A> fields, List<Token> tokens) {
        this.fields = fields;
        this.tokens = tokens;
    }

    /** Parses a filter; an empty one is true for all elements. INVALID_ARGUMENT names the position of an error. */
    static <A> Condition<A> parse(ListFields<A> fields, String filter) {
        if (filter.length() > MAX_LENGTH) {
            throw Errors.invalidArgument(
                    "filter", "must have at most " + MAX_LENGTH + " characters, had " + filter.length());
        }
        if (filter.isBlank()) {
            return new Condition.And<>(List.of());
        }
        FilterParser<A> parser = new FilterParser<>(fields, FilterLexer.tokens(filter));
        Condition<A> condition = parser.and();
        if (parser.peek().kind() != Kind.END) {
            throw parser.unexpected("AND or OR");
        }
        return condition;
    }

    static StatusRuntimeException error(String field, int position, String description) {
        return Errors.invalidArgument(field, "at position " + position + ": " + description);
    }

    private Condition<A> and() {
        if (++depth > MAX_DEPTH) {
            throw error(peek(), "more than " + MAX_DEPTH + " nested parentheses");
        }
        List<Condition<A>> conditions = new ArrayList<>();
        do {
            conditions.add(or());
        } while (takeKeyword("AND"));
        depth--;
        return conditions.size() == 1 ? conditions.getFirst() : new Condition.And<>(conditions);
    }

    private Condition<A> or() {
        List<Condition<A>> conditions = new ArrayList<>();
        do {
            conditions.add(term());
        } while (takeKeyword("OR"));
        return conditions.size() == 1 ? conditions.getFirst() : new Condition.Or<>(conditions);
    }

    private Condition<A> term() {
        Token token = peek();
        if (takeKeyword("NOT") || takeKeyword("-")) {
            return new Condition.Not<>(simple(peek()));
        }
        if (token.kind() == Kind.WORD && token.text().startsWith("-")) {
            return new Condition.Not<>(simple(new Token(Kind.WORD, token.text().substring(1), token.position() + 1)));
        }
        return simple(token);
    }

    /** Parses a comparison or a condition in parentheses that begins with this token. */
    private Condition<A> simple(Token first) {
        if (first.kind() == Kind.OPEN) {
            next++;
            Condition<A> condition = and();
            if (peek().kind() != Kind.CLOSE) {
                throw unexpected("')', AND or OR");
            }
            next++;
            return condition;
        }
        if (first.kind() != Kind.WORD) {
            throw unexpected("a field");
        }
        if (++comparisons > MAX_COMPARISONS) {
            throw error(first, "more than " + MAX_COMPARISONS + " comparisons");
        }
        next++;
        return comparison(first);
    }

    private Condition<A> comparison(Token path) {
        int dot = path.text().indexOf('.');
        String name = dot < 0 ? path.text() : path.text().substring(0, dot);
        Field<A> field = fields.find(name)
                .orElseThrow(() -> error(path, "unknown field '" + name + "'; known fields: " + fields.known()));
        if (field.type() != FieldType.TAGS) {
            if (dot >= 0) {
                throw error(path, "the field '" + name + "' has no parts");
            }
            return compared(field, operator());
        }
        String key = dot < 0 ? "" : path.text().substring(dot + 1);
        Token end = peek();
        if (key.isEmpty() && dot >= 0 && end.kind() == Kind.QUOTED) {
            key = end.text();
            next++;
        }
        Token operator = operator();
        if (key.isEmpty()) {
            if (!operator.text().equals(":")) {
                throw error(path, "compare a key, such as " + name + ".KEY = \"value\" or " + name + ":KEY");
            }
            return new Condition.HasTag<>(field, value(field).text());
        }
        return tag(field, key, operator);
    }

    private Condition<A> compared(Field<A> field, Token operator) {
        Token value = value(field);
        String name = operator.text();
        if (name.equals(":") || (field.type() == FieldType.ENUM && !name.equals("=") && !name.equals("!="))) {
            throw error(
                    operator,
                    "the field '" + field.name() + "' can be compared with = and !="
                            + (field.type() == FieldType.ENUM ? "" : ", <, <=, > and >=") + " only");
        }
        boolean equality = name.equals("=") || name.equals("!=");
        if (field.type() == FieldType.TEXT && equality && isPrefix(value)) {
            return negated(name, new Condition.Comparison<>(field, Operator.PREFIX, prefix(value)));
        }
        return negated(name, new Condition.Comparison<>(field, of(name), parsed(field, value)));
    }

    private Condition<A> tag(Field<A> field, String key, Token operator) {
        Token value = value(field);
        return switch (operator.text()) {
            case "=", "!=" ->
                negated(
                        operator.text(),
                        isPrefix(value)
                                ? new Condition.TagComparison<>(field, key, Operator.PREFIX, prefix(value))
                                : new Condition.TagComparison<>(field, key, Operator.EQUAL, value.text()));
            case ":" -> throw error(operator, "a tag can be compared with =, !=, <, <=, > and >= only");
            default -> new Condition.TagComparison<>(field, key, of(operator.text()), value.text());
        };
    }

    private Object parsed(Field<A> field, Token value) {
        if (field.type() == FieldType.ENUM) {
            String name = value.text().toUpperCase(Locale.ROOT);
            if (!field.names().contains(name)) {
                throw error(
                        value,
                        "the field '" + field.name() + "' has no value '" + value.text() + "'; known values: "
                                + String.join(", ", field.names()));
            }
            return name;
        }
        try {
            return field.type().parse(value.text());
        } catch (IllegalArgumentException e) {
            throw error(
                    value,
                    "the field '" + field.name() + "' is compared with "
                            + field.type().description() + ", was '" + value.text() + "'");
        }
    }

    private Condition<A> negated(String operator, Condition<A> condition) {
        return operator.equals("!=") ? new Condition.Not<>(condition) : condition;
    }

    private static Operator of(String operator) {
        return switch (operator) {
            case "<" -> Operator.LESS;
            case "<=" -> Operator.AT_MOST;
            case ">" -> Operator.GREATER;
            case ">=" -> Operator.AT_LEAST;
            default -> Operator.EQUAL;
        };
    }

    private static boolean isPrefix(Token value) {
        return value.text().endsWith("*");
    }

    private static String prefix(Token value) {
        return value.text().substring(0, value.text().length() - 1);
    }

    private Token operator() {
        Token token = peek();
        if (token.kind() != Kind.OPERATOR || token.text().equals("!")) {
            throw unexpected("one of = != < <= > >= :");
        }
        next++;
        return token;
    }

    private Token value(Field<A> field) {
        Token token = peek();
        if (token.kind() != Kind.WORD && token.kind() != Kind.QUOTED) {
            throw unexpected(field.type().description());
        }
        next++;
        return token;
    }

    private boolean takeKeyword(String keyword) {
        boolean found = peek().kind() == Kind.WORD && peek().text().equals(keyword);
        if (found) {
            next++;
        }
        return found;
    }

    private Token peek() {
        return tokens.get(next);
    }

    private StatusRuntimeException unexpected(String expected) {
        Token token = peek();
        return error(
                token,
                "expected " + expected + ", was "
                        + (token.kind() == Kind.END ? token.text() : "'" + token.text() + "'"));
    }

    private static StatusRuntimeException error(Token token, String description) {
        return error("filter", token.position(), description);
    }
}
