package io.rootstock.service.filter;

import java.util.ArrayList;
import java.util.List;

/** Splits a filter into tokens. */
final class FilterLexer {
    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int position;

    private FilterLexer(String text) {
        this.text = text;
    }

    /**
     * A token.
     *
     * @param text of a quoted text without quotes and backslashes
     * @param position of its first character, from 1
     */
    record Token(Kind kind, String text, int position) {}

    /** Kind of a token. */
    enum Kind {
        WORD,
        QUOTED,
        OPERATOR,
        OPEN,
        CLOSE,
        END
    }

    static List<Token> tokens(String text) {
        return new FilterLexer(text).read();
    }

    private List<Token> read() {
        while (position < text.length()) {
            char next = text.charAt(position);
            if (Character.isWhitespace(next)) {
                position++;
            } else if (next == '(' || next == ')') {
                add(next == '(' ? Kind.OPEN : Kind.CLOSE, position + 1);
            } else if ("=!<>:".indexOf(next) >= 0) {
                operator();
            } else if (next == '"' || next == '\'') {
                quoted(next);
            } else {
                word();
            }
        }
        tokens.add(new Token(Kind.END, "the end", text.length() + 1));
        return tokens;
    }

    private void operator() {
        boolean two = "!<>".indexOf(text.charAt(position)) >= 0 && text.startsWith("=", position + 1);
        add(Kind.OPERATOR, position + (two ? 2 : 1));
    }

    private void word() {
        int end = position;
        while (end < text.length()
                && !Character.isWhitespace(text.charAt(end))
                && "()=!<>:\"'".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        add(Kind.WORD, end);
    }

    private void quoted(char quote) {
        int start = position;
        StringBuilder content = new StringBuilder();
        position++;
        while (position < text.length() && text.charAt(position) != quote) {
            if (text.charAt(position) == '\\' && position + 1 < text.length()) {
                position++;
            }
            content.append(text.charAt(position));
            position++;
        }
        if (position == text.length()) {
            throw FilterParser.error("filter", start + 1, "the quote is not closed");
        }
        position++;
        tokens.add(new Token(Kind.QUOTED, content.toString(), start + 1));
    }

    private void add(Kind kind, int end) {
        tokens.add(new Token(kind, text.substring(position, end), position + 1));
        position = end;
    }
}
