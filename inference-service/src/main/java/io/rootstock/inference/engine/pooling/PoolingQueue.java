package io.rootstock.inference.engine.pooling;

import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.EngineException;
import io.rootstock.llama.LlamaContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Texts that wait to be read whole, packed for the reader; texts that a client waits for come first. Cancelled texts
 * are removed, and the decode is interrupted if all texts of its pack are cancelled. Thread-safe.
 */
final class PoolingQueue {
    static final int MAX_TEXTS = 64;
    static final int PACKED_TOKENS = 512;
    private static final long LOOK_NANOSECONDS = TimeUnit.MILLISECONDS.toNanos(50);

    private final LlamaContext context;
    private final Compute compute;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Text> waiting = new ArrayDeque<>();
    /** The texts that are being read. */
    private List<Text> pack = List.of();

    private boolean closed;

    /** @param most maximum number of waiting texts */
    PoolingQueue(LlamaContext context, Compute compute, int most) {
        this.context = context;
        this.compute = compute;
        this.most = most;
    }

    /**
     * A text.
     *
     * @param wanted whether a client waits for its hidden state
     * @param state receives the hidden state of its last token
     */
    @SuppressWarnings("ArrayRecordComponent") // records are never compared; boxed tokens would cost memory
    record Text(int[] tokens, boolean wanted, CompletableFuture<float[]> state) {
        Text(int[] tokens, boolean wanted) {
            this(tokens, wanted, new CompletableFuture<>());
        }

        boolean done() {
            return state.isDone();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Adds the texts of a request. */
    void add(List<Text> texts) {
        lock.lock();
        try {
            if (closed) {
                throw EngineException.closed();
            }
            // A request larger than the whole queue is accepted if the queue is empty.
            if (!waiting.isEmpty() && waiting.size() + texts.size() > most) {
                throw EngineException.queueFull(waiting.size() + " texts are waiting already", Duration.ofSeconds(1));
            }
            waiting.addAll(texts);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Cancels the texts of a request that are not read yet. */
    void cancel(List<Text> texts) {
        boolean unread = false;
        for (Text text : texts) {
            unread |= text.state().cancel(false);
        }
        if (!unread) {
            return;
        }
        lock.lock();
        try {
            waiting.removeIf(Text::done);
            if (pack.stream().allMatch(Text::done)) {
                context.interrupt();
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Rejects further texts, ends the waiting ones with {@link EngineException.Reason#CLOSED}, and interrupts the current
     * decode.
     */
    void close() {
        lock.lock();
        try {
            closed = true;
            waiting.forEach(text -> text.state().completeExceptionally(EngineException.closed()));
            waiting.clear();
            context.interrupt();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next texts to read together; empty once the queue is closed. */
    List<Text> next() {
        List<Text> texts = new ArrayList<>();
        lock.lock();
        try {
            pack = texts;
            while (waiting.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            if (closed) {
                return texts;
            }
            // Texts that were cancelled before are not in this pack.
            context.clearInterrupt();
            boolean wanted = waiting.stream().anyMatch(Text::wanted);
            int tokens = 0;
            for (Iterator<Text> each = waiting.iterator(); each.hasNext() && texts.size() < MAX_TEXTS; ) {
                Text text = each.next();
                if (text.wanted() == wanted) {
                    tokens += text.tokens().length;
                    if (tokens > PACKED_TOKENS && !texts.isEmpty()) {
                        break;
                    }
                    texts.add(text);
                    each.remove();
                }
            }
            return texts;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the next part of the pack may be decoded: immediately if a client waits for the pack or a text behind
     * it, else when foreground decodes pause.
     *
     * @return whether a client waits
     */
    boolean awaitTurn() {
        lock.lock();
        try {
            while (!closed && !wanted() && !compute.idle() && !pack.stream().allMatch(Text::done)) {
                changed.awaitNanos(LOOK_NANOSECONDS);
            }
            return wanted();
        } catch (InterruptedException e) {
            throw new IllegalStateException("the text reader was interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    private boolean wanted() {
        return pack.getFirst().wanted() || waiting.stream().anyMatch(Text::wanted);
    }
}
