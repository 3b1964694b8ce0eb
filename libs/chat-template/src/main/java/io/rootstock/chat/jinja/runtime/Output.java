package io.rootstock.chat.jinja.runtime;

import io.rootstock.chat.jinja.value.Budget;
import io.rootstock.chat.jinja.value.JinjaException;
import io.rootstock.chat.jinja.value.Text;
import java.util.ArrayList;
import java.util.List;

/** Collects a template's output, with the assistant's parts marked. */
public final class Output {
    private final List<RenderedPiece> written = new ArrayList<>();
    private int length;
    private boolean generation;

    void write(Text text) {
        Budget.items(text.pieces().size());
        length += text.length();
        if (length > Budget.MAX_TEXT) {
            throw new JinjaException("the rendered text is longer than " + Budget.MAX_TEXT + " characters");
        }
        text.pieces().forEach(piece -> written.add(new RenderedPiece(piece, generation)));
    }

    /** Begins or ends the assistant's part; returns the previous state. */
    boolean generation(boolean now) {
        boolean before = generation;
        generation = now;
        return before;
    }

    public List<RenderedPiece> written() {
        return List.copyOf(written);
    }

    Text text() {
        return Text.ofPieces(written.stream().map(RenderedPiece::piece).toList());
    }
}
