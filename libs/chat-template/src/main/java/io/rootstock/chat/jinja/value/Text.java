package io.rootstock.chat.jinja.value;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A string that tracks the source of each character. {@link #TEMPLATE} is the template itself; all other sources are
 * numbers of the caller. Equality, order and hash code use the characters alone, as in Python. A piece may be empty: an
 * empty message still leaves its source in the text that contains it. Immutable.
 */
public final class Text implements Comparable<Text> {
    /** Source of the template's own text. */
    public static final int TEMPLATE = 0;

    public static final Text EMPTY = new Text(List.of(), "", false);

    /** Compared characters after which a search counts them. */
    private static final int MAX_UNCOUNTED = 1 << 16;

    private final List<Piece> pieces;
    private final String flat;
    private final boolean markup;

    private Text(List<Piece> pieces, String flat, boolean markup) {
        this.pieces = pieces;
        this.flat = flat;
        this.markup = markup;
    }

    /**
     * Characters of one source.
     *
     * @param text characters of the piece
     * @param source source of the characters
     */
    public record Piece(String text, int source) {}

    /** Creates a text of the template. */
    public static Text of(String text) {
        return text.isEmpty() ? EMPTY : of(text, TEMPLATE);
    }

    /** Creates a text of another source. */
    public static Text of(String text, int source) {
        Budget.text(text.length(), 1);
        return new Text(List.of(new Piece(text, source)), text, false);
    }

    /** Concatenates pieces; joins neighbours of the template. */
    public static Text ofPieces(List<Piece> parts) {
        Budget.text(parts.stream().mapToLong(piece -> piece.text().length()).sum(), parts.size());
        return merged(parts);
    }

    private static Text merged(List<Piece> parts) {
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

    public static Text join(List<Text> texts) {
        Budget.text(
                texts.stream().mapToLong(Text::length).sum(),
                texts.stream().mapToLong(text -> text.pieces.size()).sum());
        List<Piece> parts = new ArrayList<>();
        texts.forEach(text -> parts.addAll(text.pieces));
        return merged(parts);
    }

    /** Python's {@code text * times}. */
    Text repeated(long times) {
        if (times <= 0 || pieces.isEmpty()) {
            return EMPTY;
        }
        Budget.length(times);
        if (pieces.size() == 1) {
            Budget.length(length() * times);
            return of(flat.repeat((int) times), pieces.getFirst().source());
        }
        Budget.text(length() * times, pieces.size() * times);
        List<Piece> parts = new ArrayList<>();
        for (long i = 0; i < times; i++) {
            parts.addAll(pieces);
        }
        return merged(parts);
    }

    /** Pieces in order. */
    public List<Piece> pieces() {
        return pieces;
    }

    @Override
    public String toString() {
        return flat;
    }

    public Text concat(Text other) {
        return join(List.of(this, other));
    }

    /** Returns this text as markup: {@link #plus} escapes the other operand, as Python's {@code Markup} does. */
    public Text asMarkup() {
        return new Text(pieces, flat, true);
    }

    /** Concatenates two texts; if one is markup, the other is escaped. */
    Text plus(Text other) {
        return markup || other.markup ? escaped().concat(other.escaped()).asMarkup() : concat(other);
    }

    /** Returns this text as markup; escapes HTML unless it already is markup. */
    public Text escaped() {
        return markup
                ? this
                : mapped(part -> part.replace("&", "&amp;")
                                .replace("<", "&lt;")
                                .replace(">", "&gt;")
                                .replace("'", "&#39;")
                                .replace("\"", "&#34;"))
                        .asMarkup();
    }

    public int length() {
        return flat.length();
    }

    public boolean isEmpty() {
        return flat.isEmpty();
    }

    /** Returns the characters between two UTF-16 indices, with their sources. */
    public Text substring(int from, int to) {
        Budget.read(pieces.size());
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

    /** Applies a function to every piece, such as upper case. */
    public Text mapped(UnaryOperator<String> change) {
        return ofPieces(pieces.stream()
                .map(piece -> new Piece(change.apply(piece.text()), piece.source()))
                .toList());
    }

    /**
     * Returns a text with new characters: if their number is equal, sources stay by position, else all get the outer
     * source.
     */
    public Text rewritten(String characters) {
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

    /** Returns the first source other than the template, or the template if there is none. */
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

    /** Compares by code points. */
    @Override
    public int compareTo(Text other) {
        int shorter = Math.min(flat.length(), other.flat.length());
        Budget.read(shorter);
        int at = 0;
        while (at < shorter && flat.charAt(at) == other.flat.charAt(at)) {
            at++;
        }
        if (at == shorter) {
            return Integer.compare(flat.length(), other.flat.length());
        }
        // Equal first halves of surrogate pairs belong to the difference.
        boolean inPair = at > 0
                && Character.isHighSurrogate(flat.charAt(at - 1))
                && (Character.isLowSurrogate(flat.charAt(at)) || Character.isLowSurrogate(other.flat.charAt(at)));
        int start = inPair ? at - 1 : at;
        return Integer.compare(flat.codePointAt(start), other.flat.codePointAt(start));
    }

    /** Index of the first occurrence of a string from an index on; -1 if there is none. */
    public int indexOf(String sought, int from) {
        return find(sought, from, 1);
    }

    /** Index of the last occurrence of a string that begins at or before an index; -1 if there is none. */
    public int lastIndexOf(String sought, int from) {
        return find(sought, Math.min(from, length() - sought.length()), -1);
    }

    /** Counts each comparison: the time of {@code String.indexOf} is the product of the lengths for some strings. */
    private int find(String sought, int from, int direction) {
        long compared = 0;
        int found = -1;
        for (int at = from; found < 0 && at >= 0 && at + sought.length() <= flat.length(); at += direction) {
            int same = 0;
            while (same < sought.length() && flat.charAt(at + same) == sought.charAt(same)) {
                same++;
            }
            if (same == sought.length()) {
                found = at;
            }
            compared += same + 1;
            if (compared > MAX_UNCOUNTED) {
                Budget.read(compared);
                compared = 0;
            }
        }
        Budget.read(compared);
        return found;
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Text text) || text.length() != length()) {
            return false;
        }
        Budget.read(length());
        return text.flat.equals(flat);
    }

    @Override
    public int hashCode() {
        return flat.hashCode();
    }
}
