package io.rootstock.chat;

import io.rootstock.chat.jinja.runtime.RenderedPiece;
import io.rootstock.chat.jinja.value.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Creates segments from a template's output. The assistant's part is the output of the template's generation blocks;
 * without generation blocks it is the content and tool calls of the assistant's turns, the template text between them,
 * and the special token directly after them.
 */
final class Segments {
    /** Special token directly after an answer, such as {@code <|im_end|>} or {@code </s>}. */
    private static final Pattern CLOSING_TOKEN = Pattern.compile("<\\|[A-Za-z0-9_]+\\|>|</s>|<end_of_turn>");

    private final Sources sources;
    private final List<Segment> segments = new ArrayList<>();

    private Segments(Sources sources) {
        this.sources = sources;
    }

    static List<Segment> of(List<RenderedPiece> written, Sources sources) {
        List<RenderedPiece> runs = runs(written);
        Segments segments = new Segments(sources);
        if (runs.stream().anyMatch(RenderedPiece::generation)) {
            runs.forEach(run -> segments.add(run.piece(), run.generation()));
        } else {
            segments.byTurns(runs);
        }
        return List.copyOf(segments.segments);
    }

    /** Joins neighbours with equal source and equal answer flag. */
    private static List<RenderedPiece> runs(List<RenderedPiece> written) {
        List<RenderedPiece> runs = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < written.size(); i++) {
            RenderedPiece piece = written.get(i);
            text.append(piece.piece().text());
            RenderedPiece next = i + 1 < written.size() ? written.get(i + 1) : null;
            if (next == null
                    || next.piece().source() != piece.piece().source()
                    || next.generation() != piece.generation()) {
                runs.add(new RenderedPiece(
                        new Text.Piece(text.toString(), piece.piece().source()), piece.generation()));
                text.setLength(0);
            }
        }
        return runs;
    }

    private void byTurns(List<RenderedPiece> runs) {
        int answering = -1;
        for (int i = 0; i < runs.size(); i++) {
            Text.Piece piece = runs.get(i).piece();
            if (piece.source() != Text.TEMPLATE) {
                answering = sources.answeringTurn(piece.source());
                add(piece, answering >= 0);
            } else if (answering >= 0 && i + 1 < runs.size() && continues(answering, runs.get(i + 1))) {
                add(piece, true);
            } else {
                closing(piece.text(), answering >= 0);
                answering = -1;
            }
        }
    }

    private boolean continues(int turn, RenderedPiece next) {
        return sources.answeringTurn(next.piece().source()) == turn;
    }

    private void closing(String text, boolean afterAnswer) {
        Matcher matcher = CLOSING_TOKEN.matcher(text);
        int end = afterAnswer && matcher.lookingAt() ? matcher.end() : 0;
        add(new Text.Piece(text.substring(0, end), Text.TEMPLATE), true);
        add(new Text.Piece(text.substring(end), Text.TEMPLATE), false);
    }

    private void add(Text.Piece piece, boolean answer) {
        if (!piece.text().isEmpty()) {
            Segment.Kind kind = piece.source() == Text.TEMPLATE ? Segment.Kind.TEMPLATE : Segment.Kind.CONTENT;
            segments.add(new Segment(piece.text(), kind, answer));
        }
    }
}
