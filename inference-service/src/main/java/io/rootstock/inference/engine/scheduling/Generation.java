package io.rootstock.inference.engine.scheduling;

import io.rootstock.inference.engine.sampling.TokenLogprob;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One completion in progress, between the engine's thread and a reader. The engine never blocks on the reader: it
 * pauses this completion while {@value #ROOM} characters (or log-probabilities) are unread. A read returns all unread
 * output.
 */
public final class Generation {
    /** Unread characters or log-probabilities at which the completion pauses. */
    static final int ROOM = 4096;

    private final GenerationRequest request;
    private final Runnable wakeEngine;
    private final long arrival = System.nanoTime();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final int index;
    private final StringBuilder unread = new StringBuilder();
    private List<TokenLogprob> unreadLogprobs = new ArrayList<>();
    private int made;
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
     * Waits for the next output. {@link Output.End} is the last one.
     *
     * @throws CancellationException after {@link #cancel}, unless the completion had ended before
     * @throws RuntimeException the error that ended the completion
     */
    public Output next() throws InterruptedException {
        lock.lock();
        try {
            while (unread.isEmpty() && unreadLogprobs.isEmpty() && end == null && failure == null) {
                if (cancelled) {
                    throw new CancellationException("the request was cancelled");
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
                return new Output.Text(text, logprobs, made);
            }
            if (failure != null) {
                throw failure;
            }
            return end;
        } finally {
            lock.unlock();
        }
    }

    /** Index of this completion in its request, from 0. */
    public int index() {
        return index;
    }

    /** Log-probabilities of the prompt's tokens, if requested; available after the first output. */
    public List<TokenLogprob> promptLogprobs() {
        return promptLogprobs;
    }

    /** Cancels the completion: the engine frees its slot before the next token. Has no effect after the end. */
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

    /** Nanoseconds since the request arrived. */
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

    /**
     * Appends output for the reader.
     *
     * @param tokens number of tokens generated so far
     */
    void append(String text, List<TokenLogprob> logprobs, int tokens) {
        if (text.isEmpty() && logprobs.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            unread.append(text);
            unreadLogprobs.addAll(logprobs);
            made = tokens;
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
