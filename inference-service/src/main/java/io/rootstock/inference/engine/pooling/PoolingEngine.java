package io.rootstock.inference.engine.pooling;

import com.google.common.util.concurrent.Uninterruptibles;
import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.EngineException;
import io.rootstock.inference.engine.EngineListener;
import io.rootstock.inference.engine.pooling.PoolingQueue.Text;
import io.rootstock.llama.Batch;
import io.rootstock.llama.ContextOptions;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.LlamaModel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import org.jboss.logging.Logger;

/**
 * Reads whole texts for the final hidden state of their last token, not normalized, [D]. A platform thread packs
 * waiting texts of any number of requests and decodes a pack in parts, between which running streams get their tokens;
 * no cells are kept between packs. The context is exact, so the state of a text does not depend on the other texts of
 * its pack or on the parts, except for float rounding.
 */
public final class PoolingEngine implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(PoolingEngine.class);

    private final int contextLength;
    private final int part;
    private final Compute compute;
    private final EngineListener listener;
    private final LlamaContext context;
    private final Batch batch;
    private final PoolingQueue queue;
    private final Thread thread;

    /**
     * Starts the reader's thread. The model must outlive the reader.
     *
     * @param contextLength maximum number of tokens of a text
     * @param queue maximum number of waiting texts
     * @param part maximum number of tokens decoded before running streams get their next token, 1 to 512
     * @param listener receives the number of tokens of each part
     */
    public PoolingEngine(
            LlamaModel model, int contextLength, int queue, int part, Compute compute, EngineListener listener) {
        this.contextLength = contextLength;
        this.compute = compute;
        this.listener = listener;
        int cells = Math.max(PoolingQueue.PACKED_TOKENS, contextLength);
        this.context = model.context(ContextOptions.reading(PoolingQueue.MAX_TEXTS, cells, compute.threads()));
        compute.attach(context);
        this.queue = new PoolingQueue(context, compute, queue);
        this.batch = context.batch();
        this.part = Math.min(part, batch.capacity());
        this.thread = Thread.ofPlatform().name("text-reader").daemon().start(this::run);
    }

    /** Number of waiting texts. */
    public int queued() {
        return queue.size();
    }

    /**
     * Returns the hidden state of the last token of each text; waits for all. If the caller is interrupted, the texts
     * are cancelled: a decode that no other request needs stops within one operation of the network.
     *
     * @param texts tokens of each text, 1 to the context length
     * @param wanted whether a client waits for the result; otherwise the texts are read while foreground decodes pause
     * @throws io.rootstock.inference.engine.EngineException QUEUE_FULL immediately, if the texts do not fit into the queue
     * @throws CancellationException if the caller is interrupted; its interrupt flag stays set
     */
    public List<float[]> read(List<int[]> texts, boolean wanted) {
        List<Text> jobs = new ArrayList<>();
        for (int[] tokens : texts) {
            if (tokens.length == 0 || tokens.length > contextLength) {
                throw new IllegalArgumentException("a text of " + tokens.length + " tokens, not 1 to " + contextLength);
            }
            jobs.add(new Text(tokens, wanted));
        }
        queue.add(jobs);
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
            queue.cancel(jobs);
        }
    }

    /** Ends all requests with {@link EngineException.Reason#CLOSED}, stops the thread, and frees the context. */
    @Override
    public void close() {
        queue.close();
        Uninterruptibles.joinUninterruptibly(thread);
    }

    private void run() {
        try (context;
                batch) {
            for (List<Text> texts = queue.next(); !texts.isEmpty(); texts = queue.next()) {
                try {
                    readParts(texts);
                    // The rest of a pack is unread only if the reader was closed or all its texts were cancelled.
                    texts.forEach(text -> text.state().completeExceptionally(EngineException.closed()));
                } catch (RuntimeException e) {
                    LOG.error("reading texts failed", e);
                    texts.forEach(text -> text.state().completeExceptionally(e));
                }
            }
        }
    }

    /**
     * Reads a pack in parts: first all tokens but the last of each text without outputs (with hidden states enabled,
     * llama.cpp computes the logits of every token), then the last tokens for their hidden states.
     */
    private void readParts(List<Text> texts) {
        batch.clear();
        context.clear();
        context.produceHiddenStates(false);
        for (int sequence = 0; sequence < texts.size(); sequence++) {
            Text text = texts.get(sequence);
            for (int place = 0; place < text.tokens().length - 1 && !text.done(); place++) {
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
            if (!text.done()) {
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

    /** Decodes the batch and completes the texts that end in it; returns false if the decode was interrupted. */
    private boolean decode(List<Text> ending) {
        if (batch.size() == 0) {
            return true;
        }
        boolean wanted = queue.awaitTurn();
        listener.batch(batch.size());
        boolean decoded = compute.decode(context, batch, wanted);
        batch.clear();
        for (int index = 0; decoded && index < ending.size(); index++) {
            complete(ending.get(index), context.hiddenState(index));
        }
        return decoded;
    }

    private static void complete(Text text, float[] state) {
        for (float value : state) {
            if (!Float.isFinite(value)) {
                text.state().completeExceptionally(EngineException.nonFiniteLogits());
                return;
            }
        }
        text.state().complete(state);
    }
}
