package io.rootstock.inference.engine;

import io.rootstock.llama.Batch;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.Threadpool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The processor, shared by all models: one pool of threads, used by one decode at a time, in order of arrival. Two
 * decodes with as many threads as cores each would slow each other down a hundredfold.
 */
public final class Compute implements AutoCloseable {
    /** Whoever has not decoded for so long is not waited for. */
    private static final long ALONE_NANOSECONDS = TimeUnit.SECONDS.toNanos(1);

    /** Streams choose their next token in much less. */
    private static final long PAUSE_NANOSECONDS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Threadpool threadpool;
    private final ReentrantLock turn = new ReentrantLock(true);
    /** Whose decode was the last, and since when it had no other's between. */
    private volatile LlamaContext last;

    private volatile long since;

    /** When the last decode that somebody waited for ended, and the last that nobody did. */
    private volatile long awaited;

    private volatile long unawaited;
    /** Whether one that somebody waits for runs now. */
    private volatile boolean busy;

    /** A pool of so many threads. */
    public Compute(Llama llama, int threads) {
        threadpool = llama.threadpool(threads);
        awaited = System.nanoTime() - ALONE_NANOSECONDS;
        unawaited = awaited;
    }

    /** Threads of a decode. */
    public int threads() {
        return threadpool.threads();
    }

    /** Lets the context decode with the shared threads. */
    public void attach(LlamaContext context) {
        context.attach(threadpool);
    }

    /** Decodes when it is this caller's turn; false where it was interrupted. */
    public boolean decode(LlamaContext context, Batch batch) {
        return decode(context, batch, true);
    }

    /** The same; {@code wanted}: somebody waits for what comes of it. */
    boolean decode(LlamaContext context, Batch batch, boolean wanted) {
        turn.lock();
        try {
            if (last != context) {
                last = context;
                since = System.nanoTime();
            }
            busy = wanted;
            return context.decode(batch);
        } finally {
            busy = false;
            if (wanted) {
                awaited = System.nanoTime();
            } else {
                unawaited = System.nanoTime();
            }
            turn.unlock();
        }
    }

    /** Whether others than this context decode too, so that a long decode would let their streams stand still. */
    boolean shared(LlamaContext context) {
        return last != context || System.nanoTime() - since < ALONE_NANOSECONDS;
    }

    /** Whether a decode that nobody waits for has its time: others pause, or it has waited long. */
    boolean idle() {
        long now = System.nanoTime();
        return (!busy && now - awaited > PAUSE_NANOSECONDS) || now - unawaited > ALONE_NANOSECONDS;
    }

    /** Ends the threads; every context must be closed before. */
    @Override
    public void close() {
        threadpool.close();
    }
}
