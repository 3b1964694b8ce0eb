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
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Reads whole texts for the final hidden state of their last token, un-normalised, [D]. A platform thread packs waiting
 * texts, of any number of requests, and decodes a pack in parts, between which running streams get their tokens; nothing is
 * kept between packs. The states are those of an exact context, so a text's state does not depend on what it was packed
 * with, nor on where it was parted, beyond float rounding.
 */
public final class TextReader implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TextReader.class.getName());
    private static final int MOST_TEXTS = 64;
    private static final int PACKED_TOKENS = 512;

    private final int contextLength;
    private final int queue;
    private final int part;
    private final Compute compute;
    private final EngineListener listener;
    private final LlamaContext context;
    private final Batch batch;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Text> waiting = new ArrayDeque<>();
    /** The texts that are read now. */
    private List<Text> pack = List.of();

    private boolean closing;

    @SuppressWarnings("ArrayRecordComponent") // tokens are compared by nobody, and boxing them would cost
    private record Text(int[] tokens, CompletableFuture<float[]> state) {
        /** Nobody waits for it any longer. */
        boolean givenUp() {
            return state.isDone();
        }
    }

    /**
     * Starts the reader's thread. The model must outlive the reader.
     *
     * @param contextLength most tokens of a text
     * @param queue texts that may wait
     * @param part most tokens decoded before running streams get their next, 1 to 512
     * @param listener hears of each part
     */
    public TextReader(
            LlamaModel model, int contextLength, int queue, int part, Compute compute, EngineListener listener) {
        this.contextLength = contextLength;
        this.queue = queue;
        this.compute = compute;
        this.listener = listener;
        int cells = Math.max(PACKED_TOKENS, contextLength);
        this.context = model.context(ContextOptions.reading(MOST_TEXTS, cells, compute.threads()));
        compute.attach(context);
        this.batch = context.batch();
        this.part = Math.min(part, batch.capacity());
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
     * The last token's hidden state of each text; waits for all. A caller that is interrupted gives them up: what is being
     * decoded for nobody else ends within one operation of the network.
     *
     * @param texts tokens of each, 1 to the context length
     * @throws QueueFullException at once, where they do not fit into the queue
     * @throws CancellationException where the caller is interrupted; it stays so
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
            List<float[]> states = new ArrayList<>();
            for (Text job : jobs) {
                states.add(job.state().get());
            }
            return states;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while reading");
        } finally {
            giveUp(jobs);
        }
    }

    /** Ends all requests with {@link EngineClosedException}, then the thread, and frees the context. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            context.interrupt();
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

    /** Ends what of a request is not read yet. */
    private void giveUp(List<Text> jobs) {
        boolean unread = false;
        for (Text job : jobs) {
            unread |= job.state().cancel(false);
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
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try (context;
                batch) {
            for (List<Text> texts = next(); !texts.isEmpty(); texts = next()) {
                try {
                    readParts(texts);
                    // Only closing ends a pack that somebody waits for.
                    texts.forEach(text -> text.state().completeExceptionally(new EngineClosedException()));
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
            pack = texts;
            while (waiting.isEmpty() && !closing) {
                changed.awaitUninterruptibly();
            }
            if (closing) {
                waiting.forEach(text -> text.state().completeExceptionally(new EngineClosedException()));
                waiting.clear();
                return texts;
            }
            // Whatever was given up before is not in this pack.
            context.clearInterrupt();
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

    /**
     * Reads a pack in parts: all tokens but the last without results (while hidden states are made every token costs its
     * logits), then each text's last token for its state.
     */
    private void readParts(List<Text> texts) {
        batch.clear();
        context.clear();
        context.produceHiddenStates(false);
        for (int sequence = 0; sequence < texts.size(); sequence++) {
            Text text = texts.get(sequence);
            for (int place = 0; place < text.tokens().length - 1 && !text.givenUp(); place++) {
                batch.add(text.tokens()[place], place, sequence, false);
                if (batch.size() == part && !decode(List.of())) {
                    return;
                }
            }
        }
        if (!decode(List.of())) {
            return;
        }
        context.produceHiddenStates(true);
        List<Text> ending = new ArrayList<>();
        for (int sequence = 0; sequence < texts.size(); sequence++) {
            Text text = texts.get(sequence);
            if (!text.givenUp()) {
                int last = text.tokens().length - 1;
                batch.add(text.tokens()[last], last, sequence, true);
                ending.add(text);
            }
            if (batch.size() == part) {
                if (!decode(ending)) {
                    return;
                }
                ending.clear();
            }
        }
        decode(ending);
    }

    /** Decodes what the batch holds and completes the texts that end in it; false where it was interrupted. */
    private boolean decode(List<Text> ending) {
        if (batch.size() == 0) {
            return true;
        }
        listener.batch(batch.size());
        boolean decoded = compute.decode(context, batch);
        batch.clear();
        for (int index = 0; decoded && index < ending.size(); index++) {
            ending.get(index).state().complete(context.hiddenState(index));
        }
        return decoded;
    }
}
