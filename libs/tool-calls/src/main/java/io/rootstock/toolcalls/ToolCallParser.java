package io.rootstock.toolcalls;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds tool calls in a streamed answer. Text passes through immediately; text that may be the beginning of a call is
 * held back until the call is complete. An invalid call (malformed JSON, an unknown function, arguments that are not an
 * object) is returned as text. A forced call that was cut by the maximum number of tokens is returned with the arguments
 * written so far. Used by one thread.
 */
public final class ToolCallParser {
    private final ToolFormat format;
    private final CallReader reader;
    private final StringBuilder held = new StringBuilder();
    private final boolean forced;
    private State state;
    private boolean called;

    private enum State {
        /** Only white space so far. */
        BEGINNING,
        /** Text, in which a call may begin. */
        TEXT,
        /** The held text is or may be a call. */
        CALL
    }

    /**
     * Creates a parser of one answer.
     *
     * @param names functions that may be called
     * @param forced whether the whole text is the JSON of one call
     */
    ToolCallParser(ToolFormat format, List<String> names, boolean forced) {
        this.format = format;
        this.reader = new CallReader(format, names);
        this.state = forced ? State.CALL : State.BEGINNING;
        this.forced = forced;
    }

    /** A part of an answer. */
    public sealed interface Part {}

    /** Text; never empty. */
    public record Text(String text) implements Part {}

    /** A call; the arguments of one that was cut are incomplete JSON. */
    public record Call(FunctionCall call) implements Part {}

    /** Appends text; returns the parts that it completes. */
    public List<Part> push(String text) {
        held.append(text);
        List<Part> parts = new ArrayList<>();
        while (advance(parts)) {
            // Each iteration advances by one state or one call.
        }
        return parts;
    }

    /** The parts that were held back; call it at the end of the answer. */
    public List<Part> rest() {
        List<Part> parts = new ArrayList<>();
        String text = take(held.length());
        switch (state) {
            case BEGINNING, TEXT -> text(text, parts);
            case CALL -> finish(text, parts);
        }
        return parts;
    }

    /** Whether the answer contained a call. */
    public boolean called() {
        return called;
    }

    private boolean advance(List<Part> parts) {
        return switch (state) {
            case BEGINNING -> begin();
            case TEXT -> text(parts);
            case CALL -> call(parts);
        };
    }

    /** Decides whether the answer is a call without a marker; special tokens may be missing from the text. */
    private boolean begin() {
        String text = held.toString().stripLeading();
        if (text.isEmpty()
                || (text.length() < format.begin().length() && format.begin().startsWith(text))) {
            return false;
        }
        Optional<Boolean> bare = format == ToolFormat.TAGGED ? Optional.of(false) : reader.looksBare(text);
        bare.ifPresent(isCall -> state = isCall ? State.CALL : State.TEXT);
        return bare.isPresent();
    }

    /** Returns text up to the position where a call may begin. */
    private boolean text(List<Part> parts) {
        int begin = held.indexOf(format.begin());
        if (begin >= 0) {
            text(take(begin).stripTrailing(), parts);
            state = State.CALL;
            return true;
        }
        int sure = held.length();
        for (int i = Math.max(0, held.length() - format.begin().length() + 1); i < held.length(); i++) {
            if (format.begin().startsWith(held.substring(i))) {
                sure = i;
                break;
            }
        }
        // White space before a call is not part of the text.
        while (sure > 0 && Character.isWhitespace(held.charAt(sure - 1))) {
            sure--;
        }
        text(take(sure), parts);
        return false;
    }

    private boolean call(List<Part> parts) {
        if (forced || format.end().isEmpty()) {
            return false;
        }
        int end = held.indexOf(format.end());
        if (end < 0) {
            return false;
        }
        finish(take(end + format.end().length()), parts);
        state = State.TEXT;
        return true;
    }

    private void finish(String text, List<Part> parts) {
        List<FunctionCall> calls = reader.read(text);
        if (calls.isEmpty() && forced) {
            calls = reader.readCut(text).stream().toList();
        }
        if (calls.isEmpty()) {
            text(text, parts);
            return;
        }
        called = true;
        calls.forEach(call -> parts.add(new Call(call)));
    }

    private String take(int length) {
        String text = held.substring(0, length);
        held.delete(0, length);
        return text;
    }

    /** Drops text that is only white space after a call. */
    private void text(String text, List<Part> parts) {
        if (!text.isEmpty() && !(called && text.isBlank())) {
            parts.add(new Text(text));
        }
    }
}
