package io.rootstock.inference.engine;

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
 * Whole texts that wait for their reader, packed for it: those that somebody waits for first. What is given up leaves it;
 * where nobody else needs what is being read, the context's decode is interrupted. For any thread.
 */
final class TextQueue {
    static final int MOST_TEXTS = 64;
    static final int PACKED_TOKENS = 512;
    private static final long LOOK_NANOSECONDS = TimeUnit.MILLISECONDS.toNanos(50);

    private final LlamaContext context;
    private final Compute compute;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Text> waiting = new ArrayDeque<>();
    /** The texts that are read now. */
    private List<Text> pack = List.of();

    private boolean closed;

    /** @param most texts that may wait */
    TextQueue(LlamaContext context, Compute compute, int most) {
        this.context = context;
        this.compute = compute;
        this.most = most;
    }

    /**
     * A text.
     *
     * @param wanted whether somebody waits for its state
     * @param state where the state of its last token goes
     */
    @SuppressWarnings("ArrayRecordComponent") // tokens are compared by nobody, and boxing them would cost
    record Text(int[] tokens, boolean wanted, CompletableFuture<float[]> state) {
        Text(int[] tokens, boolean wanted) {
            this(tokens, wanted, new CompletableFuture<>());
        }

        boolean givenUp() {
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
                throw new EngineClosedException();
            }
            // A request larger than the whole queue may still run alone.
            if (!waiting.isEmpty() && waiting.size() + texts.size() > most) {
                throw new QueueFullException(waiting.size() + " texts are waiting already", Duration.ofSeconds(1));
            }
            waiting.addAll(texts);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Ends what of a request is not read yet. */
    void giveUp(List<Text> texts) {
        boolean unread = false;
        for (Text text : texts) {
            unread |= text.state().cancel(false);
        }
        if (!unread) {
            return;
        }
        lock.lock();
        try {
            waiting.removeIf(Text::givenUp);
            if (pack.stream().allMatch(Text::givenUp)) {
                context.interrupt();
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more texts, ends those that wait, and interrupts those that are read. */
    void close() {
        lock.lock();
        try {
            closed = true;
            waiting.forEach(text -> text.state().completeExceptionally(new EngineClosedException()));
            waiting.clear();
            context.interrupt();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The next texts to read together; none once closed. */
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
            // Whatever was given up before is not in this pack.
            context.clearInterrupt();
            boolean wanted = waiting.stream().anyMatch(Text::wanted);
            int tokens = 0;
            for (Iterator<Text> each = waiting.iterator(); each.hasNext() && texts.size() < MOST_TEXTS; ) {
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
     * Waits until a part of the pack may be decoded: where nobody waits for it nor for what is behind it, until others pause.
     *
     * @return whether somebody waits
     */
    boolean awaitTurn() {
        lock.lock();
        try {
            while (!closed && !wanted() && !compute.idle() && !pack.stream().allMatch(Text::givenUp)) {
                changed.awaitNanos(LOOK_NANOSECONDS);
            }
            return wanted();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the reader", e);
        } finally {
            lock.unlock();
        }
    }

    private boolean wanted() {
        return pack.getFirst().wanted() || waiting.stream().anyMatch(Text::wanted);
    }
}
