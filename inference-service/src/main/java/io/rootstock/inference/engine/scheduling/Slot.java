package io.rootstock.inference.engine.scheduling;

import io.rootstock.inference.engine.kvcache.Sequence;
import io.rootstock.inference.engine.kvcache.Sequences;
import io.rootstock.llama.Batch;
import java.util.Comparator;
import java.util.Optional;

/** A job that runs in a sequence: processes its prompt in chunks, then generates token by token. Engine thread only. */
final class Slot implements Sequence.Owner {
    /** Orders slots by sequence id. */
    static final Comparator<Slot> BY_SEQUENCE = Comparator.comparingInt(slot -> slot.sequence.id());

    /**
     * Maximum number of logits rows per batch: they are converted to log-probabilities between two steps of other jobs.
     */
    private static final int MAX_OUTPUTS = 32;

    private final CompletionJob job;
    private final int cached;
    private Sequence sequence;
    /** Sampled token that is not in the sequence yet; {@link CompletionJob#OVER} during prefill. */
    private int chosen = CompletionJob.OVER;
    /** Tokens in the batch, and the position of the first one whose logits are needed. */
    private int planned;

    private int firstOutput;
    private boolean over;
    private long blockedSince;
    private long lastStep;

    private Slot(CompletionJob job, Sequence sequence, int cached) {
        this.job = job;
        this.sequence = sequence;
        this.cached = cached;
    }

    /** Starts a job in a free sequence, with as much of its prompt as the caches hold. */
    static Slot start(CompletionJob job, Sequences sequences) {
        SharedPrefixGroup group = job.group();
        Sequence sequence = sequences.place(new Sequences.Placement(
                job.prompt(),
                Math.min(job.prompt().length - 1, job.outputsFrom()),
                job.adapter(),
                job.reusesPrefix(),
                group.ready() ? Optional.of(group.sequence()) : Optional.empty()));
        int cached = sequence.length();
        Slot slot = new Slot(job, sequence, cached);
        sequence.take(slot, job.adapter());
        group.starts(job, sequence, cached);
        job.started(cached);
        return slot;
    }

    CompletionJob job() {
        return job;
    }

    Sequence sequence() {
        return sequence;
    }

    @Override
    public void move(Sequence to) {
        sequence = to;
    }

    /** Prompt tokens that came from the prefix cache. */
    int cached() {
        return cached;
    }

    boolean over() {
        return over;
    }

    boolean readsPrompt() {
        return sequence.length() < job.prompt().length;
    }

    long lastStep() {
        return lastStep;
    }

    /** Tokens in the batch. */
    int planned() {
        return planned;
    }

    /** Time for which the reader has had no room, in nanoseconds; 0 if it has room. */
    long blocked() {
        if (!job.blocked()) {
            blockedSince = 0;
            return 0;
        }
        long now = System.nanoTime();
        if (blockedSince == 0) {
            blockedSince = now;
        }
        return Math.max(1, now - blockedSince);
    }

    /**
     * Plans the number of tokens of the next step: at most {@code most}, or {@code rest} more if that completes the
     * prompt.
     */
    int plan(int most, int rest, long step) {
        lastStep = step;
        if (!readsPrompt()) {
            planned = 1;
            return 1;
        }
        int next = sequence.length();
        int unread = job.prompt().length - next;
        planned = unread <= most + rest ? unread : most;
        if (next + planned > job.outputsFrom() + MAX_OUTPUTS) {
            planned = Math.min(planned, Math.max(MAX_OUTPUTS, job.outputsFrom() - next));
        }
        return planned;
    }

    /** Adds the planned tokens to the batch. */
    void fill(Batch batch) {
        int place = sequence.length();
        if (!readsPrompt()) {
            firstOutput = place;
            sequence.tokens()[place] = chosen;
            batch.add(chosen, place, sequence.id(), true);
            return;
        }
        int[] prompt = job.prompt();
        firstOutput = Math.max(job.outputsFrom(), place);
        for (int i = 0; i < planned; i++, place++) {
            sequence.tokens()[place] = prompt[place];
            batch.add(prompt[place], place, sequence.id(), place >= firstOutput);
        }
    }

    /** Records that the batch was decoded. */
    void decoded() {
        sequence.length(sequence.length() + planned);
        job.group().reads(job, sequence.length());
    }

    /** Number of logits rows of this slot in the batch. */
    int outputs() {
        return Math.max(0, sequence.length() - firstOutput);
    }

    /** Receives the logits rows of this slot, one per call, in order. */
    void take(int output, float[] logits) {
        if (over) {
            return;
        }
        int place = firstOutput + output;
        if (place < job.prompt().length - 1) {
            job.read(place, logits);
            return;
        }
        chosen = job.next(logits, place + 1 == sequence.tokens().length);
        over = chosen == CompletionJob.OVER;
    }

    void fail(RuntimeException why) {
        if (!over) {
            over = true;
            job.fail(why);
        }
    }
}
