package io.rootstock.inference.engine.kvcache;

import io.rootstock.inference.engine.adapter.AdapterUse;
import io.rootstock.llama.LlamaContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Assigns the sequences of a context to running jobs, and reuses the cells of the others as prefix cache.
 *
 * <p>A batch needs one pass over the weights for each contiguous group of sequence ids, so the running sequences are
 * kept adjacent: a new job gets a sequence in a gap or next to them, and a prefix cached in another sequence is copied
 * there. Cells that are overwritten go to the prompt cache. Engine thread only.
 */
public final class Sequences implements AutoCloseable {

    /** Common tokens from which copying a sequence is cheaper than decoding them. */
    static final int WORTH_COPYING = 16;

    private static final int WORTH_SAVING = 32;

    private final LlamaContext context;
    private final Sequence[] all;
    private final PromptCache cache;
    /** Sources of copies that the next decode executes: nothing may be restored into them. */
    private final boolean[] copied;

    private long now;
    private int running;

    public Sequences(LlamaContext context, int contextLength, long cacheBytes) {
        this.context = context;
        this.all = new Sequence[context.options().sequences()];
        for (int id = 0; id < all.length; id++) {
            all[id] = new Sequence(id, contextLength);
        }
        this.cache = new PromptCache(context, cacheBytes);
        this.copied = new boolean[all.length];
    }

    public boolean full() {
        return running == all.length;
    }

    /** Cells that hold a token. */
    public long usedCells() {
        long cells = 0;
        for (Sequence sequence : all) {
            cells += sequence.length();
        }
        return cells;
    }

    /**
     * A prompt that needs a sequence.
     *
     * @param most maximum number of its tokens that may come from the caches
     * @param adapter the adapter that it is decoded with
     * @param reusesPrefix whether it may use any cached prefix; otherwise only that of {@code group}
     * @param group the sequence in which its group has processed a common prefix; empty if none has
     */
    @SuppressWarnings("ArrayRecordComponent") // records are never compared; boxed tokens would cost memory
    public record Placement(
            int[] prompt, int most, Optional<AdapterUse> adapter, boolean reusesPrefix, Optional<Sequence> group) {
        /** Whether the prompt may reuse the cells of a sequence: any, or only that of its group. */
        private boolean usable(Sequence sequence) {
            return reusesPrefix || (group.isPresent() && group.get() == sequence);
        }

        /** Length of the prefix that the prompt may reuse from a sequence, in tokens. */
        private int reusable(Sequence sequence) {
            return usable(sequence) ? sequence.common(prompt, adapter, most) : 0;
        }
    }

    /**
     * Selects a free sequence for a prompt, with as much of the prompt in its cells as the caches hold; its length is
     * the number of cached tokens. The caller assigns it to the running job ({@link Sequence#take}).
     */
    public Sequence place(Placement prompt) {
        Sequence source = source(prompt);
        int elsewhere = source == null ? 0 : source.common(prompt.prompt(), prompt.adapter(), prompt.most());
        Optional<PromptCache.Entry> entry =
                prompt.reusesPrefix() ? cache.best(prompt.prompt(), prompt.adapter(), prompt.most()) : Optional.empty();
        int inCache = entry.map(one -> one.common(prompt.prompt(), prompt.adapter(), prompt.most()))
                .orElse(0);
        Sequence target = target(prompt, source, elsewhere);
        int common = prompt.reusable(target);
        if (!copied[target.id()] && inCache >= Math.max(elsewhere, common) + WORTH_COPYING) {
            cache.take(entry.get());
            preserve(target);
            cache.restore(entry.get(), target, inCache);
            common = inCache;
        } else if (elsewhere >= common + WORTH_COPYING) {
            preserve(target);
            context.copySequence(source.id(), target.id());
            copied[source.id()] = true;
            target.hold(source.tokens(), source.length(), source.adapter());
            common = elsewhere;
        } else if (target.length() - common >= WORTH_SAVING) {
            preserve(target);
        }
        context.removeSequence(target.id(), common);
        target.length(common);
        running++;
        return target;
    }

    /** The sequence with the longest cached prefix of a prompt; null if there is none. */
    private Sequence source(Placement prompt) {
        Sequence best = null;
        int longest = 0;
        for (Sequence sequence : all) {
            int common = prompt.reusable(sequence);
            if (common > longest) {
                longest = common;
                best = sequence;
            }
        }
        return best;
    }

    /** Releases the sequence of a job; its cells stay as cached prefix. */
    public void leave(Sequence sequence) {
        sequence.leave(++now);
        running--;
    }

    /** Clears a sequence whose cells are in an unknown state. */
    public void forget(Sequence sequence) {
        context.removeSequence(sequence.id());
        sequence.length(0);
    }

    /** Records that the decode has executed the pending copies. */
    public void decoded() {
        Arrays.fill(copied, false);
    }

    /** Moves the last of the running sequences into the gaps before it, until they are adjacent. */
    public void closeGaps() {
        int gap = gap();
        while (gap >= 0 && !copied[gap]) {
            moveLast(all[gap]);
            gap = gap();
        }
    }

    private void moveLast(Sequence to) {
        int last = all.length - 1;
        while (!all[last].running()) {
            last--;
        }
        Sequence from = all[last];
        preserve(to);
        context.copySequence(from.id(), to.id());
        copied[from.id()] = true;
        to.hold(from.tokens(), from.length(), from.adapter());
        Sequence.Owner owner = from.owner();
        to.take(owner, from.adapter());
        owner.move(to);
        from.leave(now);
        forget(from);
    }

    /** The first gap among the running sequences; -1 if there is none. */
    public int gap() {
        int first = 0;
        while (first < all.length && !all[first].running()) {
            first++;
        }
        int id = first;
        while (id < all.length && all[id].running()) {
            id++;
        }
        for (int later = id + 1; later < all.length; later++) {
            if (all[later].running()) {
                return id;
            }
        }
        return -1;
    }

    @Override
    public void close() {
        cache.close();
    }

    /**
     * Selects a free sequence for a prompt: one that holds a prefix of the prompt and little else, an empty one, or the
     * least recently used.
     */
    private Sequence target(Placement prompt, Sequence source, int common) {
        List<Sequence> free = besideTheRunning();
        if (source != null && !source.running() && free.contains(source) && source.length() - common < WORTH_SAVING) {
            return source;
        }
        Sequence best = free.getFirst();
        int bestRank = Integer.MIN_VALUE;
        for (Sequence sequence : free) {
            int own = prompt.reusable(sequence);
            boolean continues = sequence.length() > 0 && sequence.length() - own < WORTH_SAVING && own > 0;
            int rank = continues ? 1 + own : sequence.length() == 0 ? 1 : 0;
            if (rank > bestRank || (rank == bestRank && sequence.lastUse() < best.lastUse())) {
                best = sequence;
                bestRank = rank;
            }
        }
        return best;
    }

    private List<Sequence> besideTheRunning() {
        List<Sequence> free = new ArrayList<>();
        int gap = running == 0 ? -1 : gap();
        if (gap >= 0) {
            return List.of(all[gap]);
        }
        for (int id = 0; id < all.length; id++) {
            boolean beside = (id > 0 && all[id - 1].running()) || (id + 1 < all.length && all[id + 1].running());
            if (!all[id].running() && (running == 0 || beside)) {
                free.add(all[id]);
            }
        }
        return free;
    }

    /**
     * Saves the cells of a sequence to the prompt cache before they are overwritten, if they are many and in no other
     * sequence.
     */
    private void preserve(Sequence sequence) {
        if (sequence.length() < WORTH_SAVING) {
            return;
        }
        for (Sequence other : all) {
            if (other != sequence
                    && other.common(sequence.tokens(), sequence.adapter(), sequence.length()) == sequence.length()) {
                return;
            }
        }
        cache.save(sequence);
    }
}
