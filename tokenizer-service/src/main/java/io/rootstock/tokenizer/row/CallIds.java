package io.rootstock.tokenizer.row;

import io.rootstock.corpus.source.RowFields.RowRefusedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Ids of the tool calls of one conversation. A call without an id gets {@code call00001} and so on, nine characters, which
 * Mistral's templates require. A result without an id answers the first call that has no result yet.
 */
final class CallIds {
    private final Deque<Call> open = new ArrayDeque<>();
    private int generated;

    private record Call(String id, String name) {}

    /** Returns the id of a call. */
    String ofCall(String given, String name) {
        String id = given.isEmpty() ? "call%05d".formatted(++generated) : given;
        open.addLast(new Call(id, name));
        return id;
    }

    /**
     * Returns the id of the call that a result answers.
     *
     * @param given id in the row; empty: none
     * @param name name of the function, if the row states it; empty: any
     * @param place the message, for the error
     * @throws RowRefusedException if no id is given and no call is open
     */
    String ofResult(String given, String name, String place) {
        Iterator<Call> calls = open.iterator();
        while (calls.hasNext()) {
            Call call = calls.next();
            boolean answers = given.isEmpty()
                    ? name.isEmpty() || call.name().equals(name)
                    : call.id().equals(given);
            if (answers) {
                calls.remove();
                return call.id();
            }
        }
        if (given.isEmpty()) {
            throw new RowRefusedException(place + " is the result of a call" + (name.isEmpty() ? "" : " of " + name)
                    + ", but no call before it lacks one; add the call, or remove the message");
        }
        return given;
    }

    /** Forgets the calls without a result: a message of the user follows, and later results answer later calls. */
    void endRound() {
        open.clear();
    }
}
