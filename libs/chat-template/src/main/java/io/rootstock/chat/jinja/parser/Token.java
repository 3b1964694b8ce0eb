package io.rootstock.chat.jinja.parser;

/**
 * A token of a template's source.
 *
 * @param kind kind of the token
 * @param text characters of the token; for a string literal its value
 * @param line line number, from 1
 */
record Token(Kind kind, String text, int line) {
    enum Kind {
        /** Literal text outside of tags. */
        DATA,
        /** <code>{{</code>. */
        OUTPUT_BEGIN,
        /** <code>}}</code>. */
        OUTPUT_END,
        /** <code>{%</code>. */
        BLOCK_BEGIN,
        /** <code>%}</code>. */
        BLOCK_END,
        NAME,
        STRING,
        INTEGER,
        FLOAT,
        OPERATOR,
        END
    }

    boolean is(Kind other, String characters) {
        return kind == other && text.equals(characters);
    }
}
