package io.rootstock.chat.jinja;

/**
 * A token of a template's source.
 *
 * @param kind what it is
 * @param text its characters; for a string the value, escapes resolved
 * @param line its line, from 1
 */
record Token(Kind kind, String text, int line) {
    enum Kind {
        /** Text to write as it is. */
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
