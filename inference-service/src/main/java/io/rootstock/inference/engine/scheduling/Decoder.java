package io.rootstock.inference.engine.scheduling;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.EngineListener;
import io.rootstock.inference.engine.adapter.AdapterSwitch;
import io.rootstock.inference.engine.adapter.AdapterUse;
import io.rootstock.inference.engine.kvcache.Sequences;
import io.rootstock.llama.Batch;
import io.rootstock.llama.LlamaContext;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * One engine step: decodes one token of every running completion and then a bounded number of prompt tokens, and passes
 * the logits to the jobs. The jobs of a step share an adapter; jobs with other adapters are decoded in the next steps.
 * Engine thread only, except {@link #interrupt}.
 *
 * <p>Each prompt is decoded in its own batch: in a common batch, prompts of unequal length would be split into passes
 * of few tokens, which cost as much as long ones.
 */
final class Decoder implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(Decoder.class);
    /** Prompt tokens from which a decode is interrupted when its job is cancelled. */
    private static final int HEAVY = 16;
    /** Remaining prompt tokens up to which they are decoded together with the previous chunk. */
    private static final int SHORT_REST = 16;

    private final LlamaContext context;
    private final Compute compute;
    private final Sequences sequences;
    private final AdapterSwitch adapters;
    private final EngineListener listener;
    private final RateMeter made;
    private final int prefillChunk;
    private final Batch batch;
    private final float[] logits;
    private final Grouping grouping = new Grouping();
    private final List<Slot> singles = new ArrayList<>();
    private final List<Slot> prompts = new ArrayList<>();
    private long steps;
    /** Whether a client waits for a result of this step. */
    private boolean wanted;

    private volatile CompletionJob heavy;

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

    /** Interrupts the running decode if it is a prefill of this cancelled job only. Thread-safe. */
    void interrupt(CompletionJob job) {
        if (heavy == job) {
            context.interrupt();
        }
    }

    /** Interrupts the running decode. Thread-safe. */
    void interrupt() {
        context.interrupt();
    }

    /** Whether this number of completions is decoded in one batch, in which gaps between their sequences cost time. */
    boolean together(int completions) {
        return !grouping.apart(completions);
    }

    /** Runs one step for these slots, oldest first; returns false if there is nothing to decode. */
    boolean step(List<Slot> running) {
        if (!plan(running)) {
            return false;
        }
        context.clearInterrupt();
        if (!singles.isEmpty()) {
            singles.sort(Slot.BY_SEQUENCE);
            long start = System.nanoTime();
            boolean apart = grouping.apart(singles.size());
            if (apart) {
                for (Slot slot : singles) {
                    decode(List.of(slot));
                }
            } else {
                decode(singles);
            }
            grouping.took(singles.size(), apart, System.nanoTime() - start);
        }
        for (Slot slot : prompts) {
            heavy = slot.planned() >= HEAVY ? slot.job() : null;
            if (!slot.job().cancelled() && !slot.job().aborted()) {
                decode(List.of(slot));
            }
        }
        heavy = null;
        return true;
    }

    /** Plans the tokens of each slot for this step; returns false if there are none. */
    private boolean plan(List<Slot> running) {
        steps++;
        singles.clear();
        prompts.clear();
        Slot longestUnserved = null;
        for (Slot slot : running) {
            if (slot.blocked() == 0 && (longestUnserved == null || slot.lastStep() < longestUnserved.lastStep())) {
                longestUnserved = slot;
            }
        }
        wanted = running.stream()
                .anyMatch(slot -> slot.blocked() == 0 && !slot.job().inBackground());
        if (longestUnserved == null || (!wanted && !compute.idle())) {
            return false;
        }
        Optional<AdapterUse> adapter = longestUnserved.job().adapter();
        adapters.use(adapter);
        for (Slot slot : running) {
            if (!slot.readsPrompt() && served(slot, adapter)) {
                slot.plan(1, 0, steps);
                singles.add(slot);
            }
        }
        int budget = promptBudget(running, adapter);
        for (Slot slot : running) {
            if (slot.readsPrompt() && budget > 0 && served(slot, adapter)) {
                int planned = slot.plan(budget, Math.min(batch.capacity() - budget, SHORT_REST), steps);
                (planned == 1 ? singles : prompts).add(slot);
                budget -= planned;
            }
        }
        listener.batch(singles.size() + prompts.stream().mapToInt(Slot::planned).sum());
        return true;
    }

    /**
     * Prompt tokens of this step: a whole batch if nothing else needs the CPU (no running stream in this engine, no
     * other model or text reader), else one chunk for each completion in prefill. With more completions in prefill,
     * more prompt tokens are processed between two tokens of the running streams.
     */
    private int promptBudget(List<Slot> running, Optional<AdapterUse> adapter) {
        if (singles.isEmpty() && !compute.shared(context)) {
            return batch.capacity();
        }
        long reading = running.stream()
                .filter(slot -> slot.readsPrompt() && served(slot, adapter))
                .count();
        return (int) Math.min(batch.capacity(), prefillChunk * Math.max(1, reading));
    }

    private static boolean served(Slot slot, Optional<AdapterUse> adapter) {
        return slot.job().adapter().equals(adapter) && slot.blocked() == 0;
    }

    private void decode(List<Slot> slots) {
        batch.clear();
        for (Slot slot : slots) {
            slot.fill(batch);
        }
        try {
            boolean decoded = compute.decode(context, batch, wanted);
            sequences.decoded();
            if (decoded) {
                take(slots);
            } else {
                // Interrupted: remove the cells that this batch added.
                for (Slot slot : slots) {
                    context.removeSequence(slot.sequence().id(), slot.sequence().length());
                }
            }
        } catch (RuntimeException e) {
            LOG.error("a decode failed; its requests are ended", e);
            sequences.decoded();
            for (Slot slot : slots) {
                slot.fail(e);
                sequences.forget(slot.sequence());
            }
        }
    }

    private void take(List<Slot> slots) {
        MemorySegment all = batch.outputs() > 0 ? context.outputLogits() : MemorySegment.NULL;
        long row = 0;
        int tokens = 0;
        for (Slot slot : slots) {
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

    @Override
    public void close() {
        batch.close();
    }
}
