package io.rootstock.inference.engine;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.rootstock.llama.Batch;
import io.rootstock.llama.LlamaContext;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One step: puts one token of every running text and a bounded part of unread prompts into a batch, decodes it, hands the
 * logits to the jobs. The jobs of a batch share an adapter; those with others have their turn in the next steps. Engine
 * thread only, but for {@link #interrupt}.
 */
final class Decoder implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Decoder.class.getName());
    /** A batch with this many prompt tokens of a cancelled job, and half of it at least, is not worth waiting for. */
    private static final int HEAVY = 32;

    private final LlamaContext context;
    private final Compute compute;
    private final Sequences sequences;
    private final AdapterSwitch adapters;
    private final EngineListener listener;
    private final RateMeter made;
    private final int prefillChunk;
    private final Batch batch;
    private final float[] logits;
    private long steps;
    private volatile Job heavy;

    Decoder(
            LlamaContext context,
            Compute compute,
            Sequences sequences,
            AdapterSwitch adapters,
            EngineListener listener,
            RateMeter made,
            int prefillChunk) {
        this.context = context;
        this.compute = compute;
        this.sequences = sequences;
        this.adapters = adapters;
        this.listener = listener;
        this.made = made;
        this.prefillChunk = prefillChunk;
        this.batch = context.batch();
        this.logits = new float[context.model().vocabularySize()];
    }

    /** The job was given up: ends the running decode if that is mostly about it. From any thread. */
    void interrupt(Job job) {
        if (heavy == job) {
            context.interrupt();
        }
    }

    /** Ends the running decode. From any thread. */
    void interrupt() {
        context.interrupt();
    }

    /** Decodes one batch of these slots, oldest first; false where there is nothing to decode. */
    boolean step(List<Slot> running) {
        if (!plan(running)) {
            return false;
        }
        context.clearInterrupt();
        batch.clear();
        heavy = null;
        for (int id = 0; id < sequences.count(); id++) {
            Slot slot = sequences.slot(id);
            if (slot != null && slot.planned() > 0) {
                slot.fill(batch);
            }
        }
        for (Slot slot : running) {
            if (slot.planned() >= HEAVY && 2 * slot.planned() >= batch.size()) {
                heavy = slot.job();
                if (slot.job().cancelled() || slot.job().aborted()) {
                    return true;
                }
            }
        }
        try {
            boolean decoded = compute.decode(context, batch);
            heavy = null;
            sequences.decoded();
            if (decoded) {
                listener.batch(batch.size());
                take();
            } else {
                rollBack();
            }
        } catch (RuntimeException e) {
            LOG.log(Level.SEVERE, "a decode failed; its requests are ended", e);
            sequences.decoded();
            for (Slot slot : running) {
                if (slot.planned() > 0) {
                    slot.fail(e);
                    sequences.forget(slot.sequence());
                }
            }
        }
        return true;
    }

    /** Says how many tokens each slot puts into the batch; false: none. */
    private boolean plan(List<Slot> running) {
        steps++;
        Slot longestUnserved = null;
        for (Slot slot : running) {
            slot.skip();
            if (slot.blocked() == 0 && (longestUnserved == null || slot.lastStep() < longestUnserved.lastStep())) {
                longestUnserved = slot;
            }
        }
        if (longestUnserved == null) {
            return false;
        }
        Optional<AdapterUse> adapter = longestUnserved.job().adapter();
        adapters.use(adapter);
        int tokens = 0;
        for (Slot slot : running) {
            if (!slot.readsPrompt() && served(slot, adapter)) {
                tokens += slot.plan(1, steps);
            }
        }
        int budget = batch.capacity() - tokens;
        if (tokens > 0) {
            budget = Math.min(budget, prefillChunk);
        }
        for (Slot slot : running) {
            if (slot.readsPrompt() && budget > 0 && served(slot, adapter)) {
                budget -= slot.plan(budget, steps);
            }
        }
        return true;
    }

    private static boolean served(Slot slot, Optional<AdapterUse> adapter) {
        return slot.job().adapter().equals(adapter) && slot.blocked() == 0;
    }

    private void take() {
        MemorySegment all = batch.outputs() > 0 ? context.outputLogits() : MemorySegment.NULL;
        long row = 0;
        int tokens = 0;
        for (int id = 0; id < sequences.count(); id++) {
            Slot slot = sequences.slot(id);
            if (slot == null || slot.planned() == 0) {
                continue;
            }
            boolean read = slot.readsPrompt();
            slot.decoded();
            if (read && !slot.readsPrompt()) {
                listener.prompt(slot.job().prompt().length - slot.cached(), slot.cached());
            }
            int outputs = slot.outputs();
            for (int output = 0; output < outputs; output++, row++) {
                MemorySegment.copy(all, JAVA_FLOAT, row * 4L * logits.length, logits, 0, logits.length);
                slot.take(output, logits);
            }
            tokens += slot.readsPrompt() ? 0 : 1;
        }
        made.count(tokens);
    }

    /** The decode was interrupted: all that is new in the sequences goes. */
    private void rollBack() {
        for (int id = 0; id < sequences.count(); id++) {
            Slot slot = sequences.slot(id);
            if (slot != null && slot.planned() > 0) {
                context.removeSequence(id, slot.sequence().length());
            }
        }
    }

    @Override
    public void close() {
        batch.close();
    }
}
