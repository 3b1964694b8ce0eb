package io.rootstock.inference.engine;

import io.rootstock.llama.LlamaContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Assigns the sequences of a context to running jobs, and reuses the cells of the others as prefix cache.
 *
 * <p>A batch needs one pass over the weights for each contiguous group of sequence ids, so the running sequences are
 * kept adjacent: a new job gets a sequence in a gap or next to them, and a prefix cached in another sequence is copied
 * there. Cells that are overwritten go to the prompt cache. Engine thread only.
 */
final class Sequences implements AutoCloseable {
    /** Orders slots by sequence id. */
    static final Comparator<Slot> BY_ID =
            Comparator.comparingInt(slot -> slot.sequence().id());

    /** Common tokens from which copying a sequence is cheaper than decoding them. */
    static final int WORTH_COPYING = 16;

    private static final int WORTH_SAVING = 32;

    private final LlamaContext context;
    private final Sequence[] all;
    private final SavedStates saved;
    /** Sources of copies that the next decode executes: nothing may be restored into them. */
    private final boolean[] copied;

    private long now;
    private int running;

    Sequences(LlamaContext context, int contextLength, long savedBytes) {
        this.context = context;
        this.all = new Sequence[context.options().sequences()];
        for (int id = 0; id < all.length; id++) {
            all[id] = new Sequence(id, contextLength);
        }
        this.saved = new SavedStates(context, savedBytes);
        this.copied = new boolean[all.length];
    }

    boolean full() {
        return running == all.length;
    }

    /** Cells that hold a token. */
    long usedCells() {
        long cells = 0;
        for (Sequence sequence : all) {
            cells += sequence.length();
        }
        return cells;
    }

    SavedStates saved() {
        return saved;
    }

    /** Assigns a free sequence to a job, with as much of its prompt as the caches hold. */
    Slot place(Job job) {
        int most = Math.min(job.prompt().length - 1, job.outputsFrom());
        Sequence source = source(job, most);
        int elsewhere = source == null ? 0 : source.common(job.prompt(), job.adapter(), most);
        Optional<SavedStates.Saved> state =
                job.reusesPrefix() ? saved.best(job.prompt(), job.adapter(), most) : Optional.empty();
        int inState =
                state.map(one -> one.common(job.prompt(), job.adapter(), most)).orElse(0);
        Sequence target = target(job, source, elsewhere, most);
        int common = usable(job, target) ? target.common(job.prompt(), job.adapter(), most) : 0;
        if (!copied[target.id()] && inState >= Math.max(elsewhere, common) + WORTH_COPYING) {
            saved.take(state.get());
            preserve(target);
            saved.restore(state.get(), target, inState);
            common = inState;
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
        Slot slot = new Slot(job, target, common);
        target.take(slot, job.adapter());
        running++;
        job.family().starts(job, target, common);
        job.started(common);
        return slot;
    }

    /** The sequence with the longest cached prefix of the job's prompt; null if there is none. */
    private Sequence source(Job job, int most) {
        Sequence best = null;
        int longest = 0;
        for (Sequence sequence : all) {
            int common = usable(job, sequence) ? sequence.common(job.prompt(), job.adapter(), most) : 0;
            if (common > longest) {
                longest = common;
                best = sequence;
            }
        }
        return best;
    }

    /** Releases a job's sequence; its cells stay as cached prefix. */
    void leave(Slot slot) {
        slot.sequence().leave(++now);
        running--;
    }

    /** Clears a sequence whose cells are in an unknown state. */
    void forget(Sequence sequence) {
        context.removeSequence(sequence.id());
        sequence.length(0);
    }

    /** Records that the decode has executed the pending copies. */
    void decoded() {
        Arrays.fill(copied, false);
    }

    /** Moves the last of the running sequences into the gaps before it, until they are adjacent. */
    void closeGaps() {
        int gap = gap();
        while (gap >= 0 && !copied[gap]) {
            moveLast(all[gap]);
            gap = gap();
        }
    }

    private void moveLast(Sequence to) {
        int last = all.length - 1;
        while (all[last].slot() == null) {
            last--;
        }
        Sequence from = all[last];
        preserve(to);
        context.copySequence(from.id(), to.id());
        copied[from.id()] = true;
        to.hold(from.tokens(), from.length(), from.adapter());
        Slot slot = from.slot();
        to.take(slot, from.adapter());
        slot.move(to);
        from.leave(now);
        forget(from);
    }

    /** The first gap among the running sequences; -1 if there is none. */
    int gap() {
        int first = 0;
        while (first < all.length && all[first].slot() == null) {
            first++;
        }
        int id = first;
        while (id < all.length && all[id].slot() != null) {
            id++;
        }
        for (int later = id + 1; later < all.length; later++) {
            if (all[later].slot() != null) {
                return id;
            }
        }
        return -1;
    }

    @Override
    public void close() {
        saved.close();
    }

    /** Whether a job may reuse the cells of a sequence: any, or only its own family's. */
    private static boolean usable(Job job, Sequence sequence) {
        return job.reusesPrefix() || (job.family().ready() && job.family().sequence() == sequence);
    }

    /**
     * Selects a free sequence for the job: one that holds a prefix of the prompt and little else, an empty one, or the
     * least recently used.
     */
    private Sequence target(Job job, Sequence source, int common, int most) {
        List<Sequence> free = besideTheRunning();
        if (source != null
                && source.slot() == null
                && free.contains(source)
                && source.length() - common < WORTH_SAVING) {
            return source;
        }
        Sequence best = free.getFirst();
        int bestRank = Integer.MIN_VALUE;
        for (Sequence sequence : free) {
            int own = usable(job, sequence) ? sequence.common(job.prompt(), job.adapter(), most) : 0;
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
            boolean beside =
                    (id > 0 && all[id - 1].slot() != null) || (id + 1 < all.length && all[id + 1].slot() != null);
            if (all[id].slot() == null && (running == 0 || beside)) {
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
        saved.save(sequence);
    }
}
