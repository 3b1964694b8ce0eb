package io.rootstock.inference.engine;

import io.rootstock.llama.Batch;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.Threadpool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The CPU thread pool that all models share: one decode uses it at a time, in order of arrival. Two concurrent decodes
 * with one thread per core each would slow each other down a hundredfold.
 */
public final class Compute implements AutoCloseable {
    /** Time without a decode after which another context counts as idle, and longest wait of a background decode. */
    private static final long ALONE_NANOSECONDS = TimeUnit.SECONDS.toNanos(1);

    /**
     * Pause between foreground decodes after which a background decode may run; streams sample their next token in much
     * less.
     */
    private static final long PAUSE_NANOSECONDS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Threadpool threadpool;
    private final String engineVersion;
    private final ReentrantLock turn = new ReentrantLock(true);
    /** Context of the last decode, and the time since which no other context has decoded. */
    private volatile LlamaContext last;

    private volatile long since;

    /** End times of the last foreground decode and of the last background decode, by {@link System#nanoTime}. */
    private volatile long awaited;

    private volatile long unawaited;
    /** Whether a foreground decode is running. */
    private volatile boolean busy;

    /** Creates the pool with this number of threads. */
    public Compute(Llama llama, int threads) {
        threadpool = llama.threadpool(threads);
        engineVersion = llama.version();
        awaited = System.nanoTime() - ALONE_NANOSECONDS;
        unawaited = awaited;
    }

    /** Version of llama.cpp. */
    public String engineVersion() {
        return engineVersion;
    }

    /** Number of threads. */
    public int threads() {
        return threadpool.threads();
    }

    /** Makes the context decode with the shared threads. */
    public void attach(LlamaContext context) {
        context.attach(threadpool);
    }

    /** Decodes a batch in the foreground when it is this caller's turn; false if it was interrupted. */
    public boolean decode(LlamaContext context, Batch batch) {
        return decode(context, batch, true);
    }

    /**
     * Decodes a batch when it is this caller's turn; false if it was interrupted.
     *
     * @param wanted whether a client waits for the result (foreground)
     */
    public boolean decode(LlamaContext context, Batch batch, boolean wanted) {
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

    /** Whether contexts other than this one decode too, so that a long decode would delay their streams. */
    public boolean shared(LlamaContext context) {
        return last != context || System.nanoTime() - since < ALONE_NANOSECONDS;
    }

    /**
     * Whether a background decode may run: foreground decodes pause, or the last background decode ended a second ago.
     */
    public boolean idle() {
        long now = System.nanoTime();
        return (!busy && now - awaited > PAUSE_NANOSECONDS) || now - unawaited > ALONE_NANOSECONDS;
    }

    /** Stops the threads; close every context before. */
    @Override
    public void close() {
        threadpool.close();
    }
}
