package io.rootstock.inference.engine;

import io.rootstock.llama.Batch;

/** A job that runs in a sequence: reads its prompt piece by piece, then goes on token by token. Engine thread only. */
final class Slot {
    /** Logits are turned into log-probabilities between two steps of the others, so not too many at once. */
    private static final int MOST_OUTPUTS = 32;

    private final Job job;
    private final int cached;
    private Sequence sequence;
    /** Token that was chosen and is not in the sequence yet; {@link Job#OVER} while the prompt is read. */
    private int chosen = Job.OVER;
    /** Tokens in the batch, and the first of them whose logits are wanted. */
    private int planned;

    private int firstOutput;
    private boolean over;
    private long blockedSince;
    private long lastStep;

    Slot(Job job, Sequence sequence, int cached) {
        this.job = job;
        this.sequence = sequence;
        this.cached = cached;
    }

    Job job() {
        return job;
    }

    Sequence sequence() {
        return sequence;
    }

    void move(Sequence to) {
        sequence = to;
    }

    /** Tokens of the prompt that were in memory. */
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

    /** How long its reader has had no room, in nanoseconds; 0: it has. */
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

    /** Says how many tokens are decoded next: at most so many, but for a short rest that is read along. */
    int plan(int most, int rest, long step) {
        lastStep = step;
        if (!readsPrompt()) {
            planned = 1;
            return 1;
        }
        int next = sequence.length();
        int unread = job.prompt().length - next;
        planned = unread <= most + rest ? unread : most;
        if (next + planned > job.outputsFrom() + MOST_OUTPUTS) {
            planned = Math.min(planned, Math.max(MOST_OUTPUTS, job.outputsFrom() - next));
        }
        return planned;
    }

    /** Puts them into the batch. */
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

    /** The batch was decoded. */
    void decoded() {
        sequence.length(sequence.length() + planned);
        job.family().reads(job, sequence.length());
    }

    /** Outputs it had in the batch. */
    int outputs() {
        return Math.max(0, sequence.length() - firstOutput);
    }

    /** Takes the logits of one of its outputs, in order. */
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
        over = chosen == Job.OVER;
    }

    void fail(RuntimeException why) {
        if (!over) {
            over = true;
            job.fail(why);
        }
    }
}
