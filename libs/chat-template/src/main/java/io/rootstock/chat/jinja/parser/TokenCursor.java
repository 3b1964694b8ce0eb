package io.rootstock.chat.jinja.parser;

import io.rootstock.chat.jinja.parser.Token.Kind;
import io.rootstock.chat.jinja.value.JinjaException;
import java.util.List;

/** Cursor over a template's tokens. */
final class TokenCursor {
    private final List<Token> tokens;
    private int position;

    TokenCursor(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(position);
    }

    Token peekSecond() {
        return tokens.get(Math.min(position + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(position);
        if (token.kind() != Kind.END) {
            position++;
        }
        return token;
    }

    int line() {
        return peek().line();
    }

    boolean isOperator(String operator) {
        return peek().is(Kind.OPERATOR, operator);
    }

    boolean isName(String name) {
        return peek().is(Kind.NAME, name);
    }

    boolean skipOperator(String operator) {
        return skip(isOperator(operator));
    }

    boolean skipName(String name) {
        return skip(isName(name));
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw unexpected("'" + operator + "'");
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw unexpected("'" + name + "'");
        }
    }

    void expect(Kind kind) {
        if (!skip(peek().kind() == kind)) {
            throw unexpected(described(kind));
        }
    }

    String name() {
        if (peek().kind() != Kind.NAME) {
            throw unexpected("a name");
        }
        return next().text();
    }

    JinjaException unexpected(String expected) {
        Token token = peek();
        String found = token.text().isEmpty() ? described(token.kind()) : "'" + token.text() + "'";
        return new JinjaException("expected " + expected + ", found " + found, token.line());
    }

    private boolean skip(boolean matches) {
        if (matches) {
            position++;
        }
        return matches;
    }

    private static String described(Kind kind) {
        return switch (kind) {
            case DATA -> "text";
            case OUTPUT_BEGIN -> "'{{'";
            case OUTPUT_END -> "'}}'";
            case BLOCK_BEGIN -> "'{%'";
            case BLOCK_END -> "'%}'";
            case NAME -> "a name";
            case STRING -> "a string";
            case INTEGER, FLOAT -> "a number";
            case OPERATOR -> "an operator";
            case END -> "the end of the template";
        };
    }
}
