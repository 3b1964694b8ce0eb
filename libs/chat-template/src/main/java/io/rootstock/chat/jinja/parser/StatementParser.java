package io.rootstock.chat.jinja.parser;

import io.rootstock.chat.jinja.parser.Statement.Parameters;
import io.rootstock.chat.jinja.parser.Token.Kind;
import io.rootstock.chat.jinja.value.JinjaException;
import io.rootstock.chat.jinja.value.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Recursive-descent parser of Jinja's statements. */
public final class StatementParser {
    private static final int MAX_DEPTH = 100;

    private final TokenCursor tokens;
    private final ExpressionParser expressions;
    private int depth;

    private StatementParser(TokenCursor tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    public static List<Statement> parse(String source) {
        StatementParser parser = new StatementParser(new TokenCursor(Lexer.tokens(source)));
        List<Statement> statements = parser.statements();
        if (parser.tokens.peek().kind() != Kind.END) {
            parser.tokens.next();
            throw new JinjaException("unexpected tag '" + parser.tokens.peek().text() + "'", parser.tokens.line());
        }
        return statements;
    }

    /** Parses statements up to the end of the template, or a tag that closes or continues the enclosing block. */
    private List<Statement> statements() {
        if (++depth > MAX_DEPTH) {
            throw new JinjaException("blocks are nested deeper than " + MAX_DEPTH + " levels", tokens.line());
        }
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = tokens.peek();
            switch (token.kind()) {
                case DATA ->
                    statements.add(new Statement.Data(Text.of(tokens.next().text())));
                case OUTPUT_BEGIN -> {
                    tokens.next();
                    statements.add(new Statement.Output(expressions.tuple(), token.line()));
                    tokens.expect(Kind.OUTPUT_END);
                }
                case BLOCK_BEGIN -> {
                    String tag = tokens.peekSecond().text();
                    if (tag.startsWith("end") || tag.equals("else") || tag.equals("elif")) {
                        depth--;
                        return List.copyOf(statements);
                    }
                    tokens.next();
                    statements.add(statement(tokens.name(), token.line()));
                }
                default -> {
                    depth--;
                    return List.copyOf(statements);
                }
            }
        }
    }

    private Statement statement(String tag, int line) {
        return switch (tag) {
            case "if" -> conditional(line);
            case "for" -> loop(line);
            case "set" -> set(line);
            case "macro" -> macro();
            case "call" -> call(line);
            case "filter" -> {
                Expression filters = expressions.filters(true);
                yield new Statement.FilterBlock(filters, body("endfilter"), line);
            }
            case "with" -> with(line);
            case "generation" -> new Statement.Generation(body("endgeneration"));
            case "break" -> ended(new Statement.Break());
            case "continue" -> ended(new Statement.Continue());
            default -> throw new JinjaException("unknown tag '" + tag + "'", line);
        };
    }

    private Statement ended(Statement statement) {
        tokens.expect(Kind.BLOCK_END);
        return statement;
    }

    /** Parses the rest of a tag, the statements after it, and the tag that ends them. */
    private List<Statement> body(String end) {
        tokens.expect(Kind.BLOCK_END);
        List<Statement> body = statements();
        endTag(end);
        return body;
    }

    private void endTag(String end) {
        int line = tokens.line();
        if (tokens.peek().kind() != Kind.BLOCK_BEGIN) {
            throw new JinjaException("'" + end + "' is missing", line);
        }
        tokens.next();
        tokens.expectName(end);
        if (end.equals("endmacro") && tokens.peek().kind() == Kind.NAME) {
            tokens.next();
        }
        tokens.expect(Kind.BLOCK_END);
    }

    private Statement conditional(int line) {
        List<Expression> conditions = new ArrayList<>();
        List<List<Statement>> bodies = new ArrayList<>();
        List<Statement> otherwise = List.of();
        conditions.add(expressions.tuple());
        tokens.expect(Kind.BLOCK_END);
        bodies.add(statements());
        while (nextIs("elif")) {
            skipTag();
            conditions.add(expressions.tuple());
            tokens.expect(Kind.BLOCK_END);
            bodies.add(statements());
        }
        if (nextIs("else")) {
            skipTag();
            tokens.expect(Kind.BLOCK_END);
            otherwise = statements();
        }
        endTag("endif");
        return new Statement.If(conditions, bodies, otherwise, line);
    }

    private Statement loop(int line) {
        List<String> targets = targets();
        tokens.expectName("in");
        Expression items = expressions.withoutConditional();
        if (tokens.isOperator(",")) {
            List<Expression> several = new ArrayList<>(List.of(items));
            while (tokens.skipOperator(",")) {
                several.add(expressions.withoutConditional());
            }
            items = new Expression.ListLiteral(several);
        }
        Optional<Expression> condition =
                tokens.skipName("if") ? Optional.of(expressions.expression()) : Optional.empty();
        if (tokens.isName("recursive")) {
            throw new JinjaException("recursive loops are not supported", line);
        }
        tokens.expect(Kind.BLOCK_END);
        List<Statement> body = statements();
        List<Statement> otherwise = List.of();
        if (nextIs("else")) {
            skipTag();
            tokens.expect(Kind.BLOCK_END);
            otherwise = statements();
        }
        endTag("endfor");
        return new Statement.For(targets, items, condition, body, otherwise, line);
    }

    private Statement set(int line) {
        String first = tokens.name();
        if (tokens.skipOperator(".")) {
            String attribute = tokens.name();
            tokens.expectOperator("=");
            return ended(new Statement.SetAttribute(first, attribute, expressions.tuple(), line));
        }
        List<String> targets = new ArrayList<>(List.of(first));
        while (tokens.skipOperator(",")) {
            targets.add(tokens.name());
        }
        if (tokens.skipOperator("=")) {
            return ended(new Statement.Set(targets, expressions.tuple(), line));
        }
        Optional<Expression> filters = Optional.ofNullable(expressions.filters(false));
        return new Statement.SetBlock(first, filters, body("endset"), line);
    }

    private Statement macro() {
        String name = tokens.name();
        Parameters parameters = parameters();
        return new Statement.Macro(name, parameters, body("endmacro"));
    }

    private Statement call(int line) {
        Parameters parameters = tokens.isOperator("(") ? parameters() : new Parameters(List.of(), List.of());
        Expression call = expressions.expression();
        return new Statement.CallBlock(parameters, call, body("endcall"), line);
    }

    private Statement with(int line) {
        List<String> names = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (tokens.peek().kind() == Kind.NAME) {
            names.add(tokens.name());
            tokens.expectOperator("=");
            values.add(expressions.expression());
            tokens.skipOperator(",");
        }
        return new Statement.With(names, values, body("endwith"), line);
    }

    private Parameters parameters() {
        tokens.expectOperator("(");
        List<String> names = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        while (!tokens.skipOperator(")")) {
            names.add(tokens.name());
            if (tokens.skipOperator("=")) {
                defaults.add(expressions.expression());
            } else if (!defaults.isEmpty()) {
                throw tokens.unexpected("a default");
            }
            if (!tokens.isOperator(")")) {
                tokens.expectOperator(",");
            }
        }
        return new Parameters(names, defaults);
    }

    /** Parses names separated by commas, with or without parentheses. */
    private List<String> targets() {
        boolean parenthesized = tokens.skipOperator("(");
        List<String> targets = new ArrayList<>(List.of(tokens.name()));
        while (tokens.skipOperator(",")) {
            targets.add(tokens.name());
        }
        if (parenthesized) {
            tokens.expectOperator(")");
        }
        return targets;
    }

    private boolean nextIs(String tag) {
        return tokens.peek().kind() == Kind.BLOCK_BEGIN && tokens.peekSecond().is(Kind.NAME, tag);
    }

    private void skipTag() {
        tokens.next();
        tokens.next();
    }
}
