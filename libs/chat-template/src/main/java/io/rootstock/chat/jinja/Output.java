package io.rootstock.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** Collects a template's output, with the assistant's parts marked. */
final class Output {
    private static final int LONGEST = 1 << 22;

    private final List<Written> written = new ArrayList<>();
    private int length;
    private boolean generation;

    void write(Text text) {
        length += text.length();
        if (length > LONGEST) {
            throw new JinjaException("the rendered text is longer than " + LONGEST + " characters");
        }
        text.pieces().forEach(piece -> written.add(new Written(piece, generation)));
    }

    /** Begins or ends the assistant's part; returns the previous state. */
    boolean generation(boolean now) {
        boolean before = generation;
        generation = now;
        return before;
    }

    List<Written> written() {
        return List.copyOf(written);
    }

    Text text() {
        return Text.ofPieces(written.stream().map(Written::piece).toList());
    }
}
