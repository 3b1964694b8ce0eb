package io.rootstock.inference.engine;

import io.rootstock.llama.Batch;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.Threadpool;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The processor, shared by all models: one pool of threads, used by one decode at a time, in order of arrival. Two
 * decodes with as many threads as cores each would slow each other down a hundredfold.
 */
public final class Compute implements AutoCloseable {
    private final Threadpool threadpool;
    private final ReentrantLock turn = new ReentrantLock(true);

    /** A pool of so many threads. */
    public Compute(Llama llama, int threads) {
        threadpool = llama.threadpool(threads);
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
        turn.lock();
        try {
            return context.decode(batch);
        } finally {
            turn.unlock();
        }
    }

    /** Ends the threads; every context must be closed before. */
    @Override
    public void close() {
        threadpool.close();
    }
}
