package io.rootstock.inference.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One request's stream of text between the engine's thread and a reader. The engine never waits for the reader: it stops
 * advancing this request while {@value #ROOM} characters (or log-probabilities) are unread. The reader gets all that has gathered at once.
 */
public final class Generation {
    /** Unread characters at which the request pauses. */
    static final int ROOM = 4096;

    private final GenerationRequest request;
    private final Runnable wakeEngine;
    private final long arrival = System.nanoTime();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final int index;
    private final StringBuilder unread = new StringBuilder();
    private List<TokenLogprob> unreadLogprobs = new ArrayList<>();
    private volatile List<TokenLogprob> promptLogprobs = List.of();
    private Output.End end;
    private RuntimeException failure;
    private volatile boolean cancelled;
    private volatile boolean aborted;

    Generation(GenerationRequest request, int index, Runnable wakeEngine) {
        this.request = request;
        this.index = index;
        this.wakeEngine = wakeEngine;
    }

    /**
     * Waits for more. After {@link Output.End} there is nothing more.
     *
     * @throws CancellationException after {@link #cancel}, unless it had ended before
     * @throws RuntimeException what the generation failed with
     */
    public Output next() throws InterruptedException {
        lock.lock();
        try {
            while (unread.isEmpty() && unreadLogprobs.isEmpty() && end == null && failure == null) {
                if (cancelled) {
                    throw new CancellationException("the request was given up");
                }
                changed.await();
            }
            if (!unread.isEmpty() || !unreadLogprobs.isEmpty()) {
                String text = unread.toString();
                unread.setLength(0);
                if (text.length() >= ROOM || unreadLogprobs.size() >= ROOM) {
                    wakeEngine.run();
                }
                List<TokenLogprob> logprobs = unreadLogprobs;
                unreadLogprobs = new ArrayList<>();
                return new Output.Text(text, logprobs);
            }
            if (failure != null) {
                throw failure;
            }
            return end;
        } finally {
            lock.unlock();
        }
    }

    /** Which of its request's texts it is, from 0. */
    public int index() {
        return index;
    }

    /** Of the prompt's tokens, if asked for; known once the first output has come. */
    public List<TokenLogprob> promptLogprobs() {
        return promptLogprobs;
    }

    /** Gives up: the engine frees the request's slot before its next token. Has no effect after the end. */
    public void cancel() {
        lock.lock();
        try {
            cancelled = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        wakeEngine.run();
    }

    void abort() {
        aborted = true;
        wakeEngine.run();
    }

    boolean aborted() {
        return aborted;
    }

    GenerationRequest request() {
        return request;
    }

    boolean ended() {
        lock.lock();
        try {
            return end != null || failure != null;
        } finally {
            lock.unlock();
        }
    }

    boolean cancelled() {
        return cancelled;
    }

    /** Nanoseconds since it arrived. */
    long age() {
        return System.nanoTime() - arrival;
    }

    boolean hasRoom() {
        lock.lock();
        try {
            return unread.length() < ROOM && unreadLogprobs.size() < ROOM;
        } finally {
            lock.unlock();
        }
    }

    void promptLogprobs(List<TokenLogprob> logprobs) {
        promptLogprobs = logprobs;
    }

    void append(String text, List<TokenLogprob> logprobs) {
        if (text.isEmpty() && logprobs.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            unread.append(text);
            unreadLogprobs.addAll(logprobs);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    void end(Output.End how) {
        lock.lock();
        try {
            end = how;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    void fail(RuntimeException why) {
        lock.lock();
        try {
            if (end != null || failure != null) {
                return;
            }
            failure = why;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }
}
