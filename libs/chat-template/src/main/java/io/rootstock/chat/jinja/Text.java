package io.rootstock.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A string whose parts know where they came from. {@link #TEMPLATE} is the template's own text; every other source is a
 * number that the caller gave. Equality, order and hash look at the characters alone, as Python would. A part may be
 * empty: an empty message still leaves its mark in what it was put into. Immutable.
 */
public final class Text implements Comparable<Text> {
    /** The source of what the template itself says. */
    public static final int TEMPLATE = 0;

    static final Text EMPTY = new Text(List.of(), "", false);

    private final List<Piece> pieces;
    private final String flat;
    private final boolean markup;

    private Text(List<Piece> pieces, String flat, boolean markup) {
        this.pieces = pieces;
        this.flat = flat;
        this.markup = markup;
    }

    /**
     * A part of one source.
     *
     * @param text its characters
     * @param source where they came from
     */
    public record Piece(String text, int source) {}

    /** Text of the template. */
    public static Text of(String text) {
        return text.isEmpty() ? EMPTY : of(text, TEMPLATE);
    }

    /** Text of another source. */
    public static Text of(String text, int source) {
        return new Text(List.of(new Piece(text, source)), text, false);
    }

    /** All parts together; neighbours of the template become one. */
    static Text ofPieces(List<Piece> parts) {
        List<Piece> merged = new ArrayList<>();
        StringBuilder flat = new StringBuilder();
        StringBuilder template = new StringBuilder();
        for (Piece piece : parts) {
            flat.append(piece.text());
            if (piece.source() == TEMPLATE) {
                template.append(piece.text());
            } else {
                flush(template, merged);
                merged.add(piece);
            }
        }
        flush(template, merged);
        return new Text(List.copyOf(merged), flat.toString(), false);
    }

    static Text join(List<Text> texts) {
        List<Piece> parts = new ArrayList<>();
        texts.forEach(text -> parts.addAll(text.pieces));
        return ofPieces(parts);
    }

    /** Its parts, in order. */
    public List<Piece> pieces() {
        return pieces;
    }

    /** Its characters. */
    @Override
    public String toString() {
        return flat;
    }

    Text concat(Text other) {
        return join(List.of(this, other));
    }

    /** The same as markup: what {@link #plus} puts beside it is escaped, as Python's {@code Markup} does. */
    Text asMarkup() {
        return new Text(pieces, flat, true);
    }

    /** Both, one after the other; where one is markup the other is escaped. */
    Text plus(Text other) {
        return markup || other.markup ? escaped().concat(other.escaped()).asMarkup() : concat(other);
    }

    /** As markup, with what means something in it escaped unless it is markup already. */
    Text escaped() {
        return markup
                ? this
                : mapped(part -> part.replace("&", "&amp;")
                                .replace("<", "&lt;")
                                .replace(">", "&gt;")
                                .replace("'", "&#39;")
                                .replace("\"", "&#34;"))
                        .asMarkup();
    }

    int length() {
        return flat.length();
    }

    boolean isEmpty() {
        return flat.isEmpty();
    }

    /** The characters from one UTF-16 index to another, with their sources. */
    Text substring(int from, int to) {
        List<Piece> parts = new ArrayList<>();
        int start = 0;
        for (Piece piece : pieces) {
            int end = start + piece.text().length();
            int first = Math.max(from, start);
            int last = Math.min(to, end);
            boolean keepsMark = first == last && piece.source() != TEMPLATE;
            if (first < last || keepsMark) {
                parts.add(new Piece(piece.text().substring(first - start, last - start), piece.source()));
            }
            start = end;
        }
        return ofPieces(parts);
    }

    /** The same change of every part, such as upper case. */
    Text mapped(UnaryOperator<String> change) {
        return ofPieces(pieces.stream()
                .map(piece -> new Piece(change.apply(piece.text()), piece.source()))
                .toList());
    }

    /** Other characters made of these: of the same sources place by place if as many, else all of the outer source. */
    Text rewritten(String characters) {
        int source = foreignSource();
        if (source == TEMPLATE || characters.length() != flat.length()) {
            return of(characters, source);
        }
        List<Piece> parts = new ArrayList<>();
        int start = 0;
        for (Piece piece : pieces) {
            int end = start + piece.text().length();
            parts.add(new Piece(characters.substring(start, end), piece.source()));
            start = end;
        }
        return ofPieces(parts);
    }

    /** The first source that is not the template; the template's where all is its own. */
    int foreignSource() {
        for (Piece piece : pieces) {
            if (piece.source() != TEMPLATE) {
                return piece.source();
            }
        }
        return TEMPLATE;
    }

    private static void flush(StringBuilder template, List<Piece> pieces) {
        if (!template.isEmpty()) {
            pieces.add(new Piece(template.toString(), TEMPLATE));
            template.setLength(0);
        }
    }

    /** In order of code points. */
    @Override
    public int compareTo(Text other) {
        int[] left = flat.codePoints().toArray();
        int[] right = other.flat.codePoints().toArray();
        return java.util.Arrays.compare(left, right);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Text text && text.flat.equals(flat);
    }

    @Override
    public int hashCode() {
        return flat.hashCode();
    }
}
