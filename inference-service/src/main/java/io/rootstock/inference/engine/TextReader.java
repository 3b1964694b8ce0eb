package io.rootstock.inference.engine;

import io.rootstock.llama.Batch;
import io.rootstock.llama.ContextOptions;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.LlamaModel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Reads whole texts for the final hidden state of their last token, un-normalised, [D]. A platform thread packs waiting
 * texts, of any number of requests, into one decode; nothing is kept between decodes. The states are those of an exact
 * context, so a text's state does not depend on what it was packed with beyond float rounding.
 */
public final class TextReader implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TextReader.class.getName());
    private static final int MOST_TEXTS = 64;
    private static final int PACKED_TOKENS = 512;

    private final int contextLength;
    private final int queue;
    private final Compute compute;
    private final LlamaContext context;
    private final Batch batch;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Text> waiting = new ArrayDeque<>();
    private boolean closing;

    @SuppressWarnings("ArrayRecordComponent") // tokens are compared by nobody, and boxing them would cost
    private record Text(int[] tokens, CompletableFuture<float[]> state) {}

    /**
     * Starts the reader's thread. The model must outlive the reader.
     *
     * @param contextLength most tokens of a text
     * @param queue texts that may wait
     */
    public TextReader(LlamaModel model, int contextLength, int queue, Compute compute) {
        this.contextLength = contextLength;
        this.queue = queue;
        this.compute = compute;
        int cells = Math.max(PACKED_TOKENS, contextLength);
        this.context = model.context(ContextOptions.reading(MOST_TEXTS, cells, compute.threads()));
        compute.attach(context);
        this.batch = context.batch();
        this.thread = Thread.ofPlatform().name("text-reader").daemon().start(this::run);
    }

    /** Texts waiting. */
    public int queued() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The last token's hidden state of each text; waits for all.
     *
     * @param texts tokens of each, 1 to the context length
     * @throws QueueFullException at once, where they do not fit into the queue
     */
    public List<float[]> read(List<int[]> texts) {
        List<Text> jobs = new ArrayList<>();
        for (int[] tokens : texts) {
            if (tokens.length == 0 || tokens.length > contextLength) {
                throw new IllegalArgumentException("a text of " + tokens.length + " tokens, not 1 to " + contextLength);
            }
            jobs.add(new Text(tokens, new CompletableFuture<>()));
        }
        lock.lock();
        try {
            if (closing) {
                throw new EngineClosedException();
            }
            // A request larger than the whole queue may still run alone.
            if (!waiting.isEmpty() && waiting.size() + jobs.size() > queue) {
                throw new QueueFullException(waiting.size() + " texts are waiting already", Duration.ofSeconds(1));
            }
            waiting.addAll(jobs);
            changed.signal();
        } finally {
            lock.unlock();
        }
        try {
            return jobs.stream().map(job -> job.state().join()).toList();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Ends all requests with {@link EngineClosedException}, then the thread, and frees the context. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (context;
                batch) {
            for (List<Text> texts = next(); !texts.isEmpty(); texts = next()) {
                try {
                    decode(texts);
                } catch (RuntimeException e) {
                    LOG.log(Level.SEVERE, "reading texts failed", e);
                    texts.forEach(text -> text.state().completeExceptionally(e));
                }
            }
        }
    }

    /** The next texts to pack together; none once closing. */
    private List<Text> next() {
        List<Text> texts = new ArrayList<>();
        lock.lock();
        try {
            while (waiting.isEmpty() && !closing) {
                changed.awaitUninterruptibly();
            }
            if (closing) {
                waiting.forEach(text -> text.state().completeExceptionally(new EngineClosedException()));
                waiting.clear();
            }
            int tokens = 0;
            while (!waiting.isEmpty() && texts.size() < MOST_TEXTS) {
                tokens += waiting.peek().tokens().length;
                if (tokens > PACKED_TOKENS && !texts.isEmpty()) {
                    break;
                }
                texts.add(waiting.poll());
            }
            return texts;
        } finally {
            lock.unlock();
        }
    }

    /** Two decodes: all tokens but the last without results, then each text's last token for its state. */
    private void decode(List<Text> texts) {
        context.clear();
        batch.clear();
        for (int sequence = 0; sequence < texts.size(); sequence++) {
            int[] tokens = texts.get(sequence).tokens();
            for (int position = 0; position < tokens.length - 1; position++) {
                batch.add(tokens[position], position, sequence, false);
            }
        }
        if (batch.size() > 0) {
            context.produceHiddenStates(false);
            compute.decode(context, batch);
        }
        batch.clear();
        for (int sequence = 0; sequence < texts.size(); sequence++) {
            int[] tokens = texts.get(sequence).tokens();
            batch.add(tokens[tokens.length - 1], tokens.length - 1, sequence, true);
        }
        context.produceHiddenStates(true);
        compute.decode(context, batch);
        for (int index = 0; index < texts.size(); index++) {
            texts.get(index).state().complete(context.hiddenState(index));
        }
    }
}
