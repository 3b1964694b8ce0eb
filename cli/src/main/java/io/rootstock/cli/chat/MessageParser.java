package io.rootstock.cli.chat;

import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/**
 * Decides where an entered message ends: a line that ends with a backslash, and text after an opening {@code """}, continue
 * on the next line.
 */
final class MessageParser implements Parser {
    private static final String QUOTES = "\"\"\"";

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        if (context != ParseContext.COMPLETE && isOpen(line)) {
            throw new EOFError(-1, cursor, "the message continues on the next line");
        }
        return new Message(line, cursor);
    }

    /** The message of an entered text: without the backslashes and quotes that continue it. */
    static String message(String entered) {
        String text = entered.replace("\\\n", "\n");
        String stripped = text.strip();
        boolean quoted =
                stripped.length() >= 2 * QUOTES.length() && stripped.startsWith(QUOTES) && stripped.endsWith(QUOTES);
        return quoted ? stripped.substring(QUOTES.length(), stripped.length() - QUOTES.length()) : text;
    }

    private static boolean isOpen(String line) {
        boolean quoted = line.stripLeading().startsWith(QUOTES);
        return quoted ? line.split(QUOTES, -1).length % 2 == 0 : line.endsWith("\\");
    }

    /** The line as one word: only slash commands are completed. */
    private record Message(String line, int cursor) implements CompletingParsedLine {
        @Override
        public String word() {
            return line;
        }

        @Override
        public int wordCursor() {
            return cursor;
        }

        @Override
        public int wordIndex() {
            return 0;
        }

        @Override
        public List<String> words() {
            return List.of(line);
        }

        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            return candidate;
        }

        @Override
        public int rawWordCursor() {
            return cursor;
        }

        @Override
        public int rawWordLength() {
            return line.length();
        }
    }
}
