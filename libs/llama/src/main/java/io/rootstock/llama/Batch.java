package io.rootstock.llama;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Tokens of one or several sequences to decode together. Rejects input that would abort the process inside the library:
 * too many tokens, unknown tokens and unknown sequences. Not safe for several threads.
 */
public final class Batch implements AutoCloseable {
    private final NativeCalls calls;
    private final LlamaModel model;
    private final int capacity;
    private final int sequences;
    private final int mostMembers;
    private final MemorySegment structure;
    private final MemorySegment tokens;
    private final MemorySegment positions;
    private final MemorySegment sequenceLists;
    private final MemorySegment outputs;
    private final MemorySegment sequenceCounts;
    private int size;
    private int outputCount;
    private boolean closed;

    Batch(NativeCalls calls, LlamaModel model, ContextOptions options) {
        this.calls = calls;
        this.model = model;
        this.capacity = options.batch();
        this.sequences = options.sequences();
        this.mostMembers = options.shared() ? sequences : 1;
        this.structure = calls.batchInit(Arena.ofAuto(), capacity, mostMembers);
        this.tokens = array("token", 4L * capacity);
        this.positions = array("pos", 4L * capacity);
        this.sequenceLists = array("seq_id", 8L * capacity);
        this.outputs = array("logits", capacity);
        this.sequenceCounts = array("n_seq_id", 4L * capacity);
    }

    /** Maximum number of tokens in the batch. */
    public int capacity() {
        return capacity;
    }

    /** Number of tokens added since the last {@link #clear}. */
    public int size() {
        return size;
    }

    /**
     * Adds a token.
     *
     * @param position position in the sequence, from 0
     * @param output whether to compute logits (and the hidden state)
     * @return index of the entry, by which results are read
     */
    public int add(int token, int position, int sequence, boolean output) {
        return add(token, position, new int[] {sequence}, output);
    }

    /**
     * Adds a token that several sequences have in common.
     *
     * @param position position in the sequences, from 0
     * @param members the sequences; several only if they share their cells ({@link ContextOptions#shared}), and all must
     *     have the same tokens before it
     * @param output whether to compute logits (and the hidden state)
     * @return index of the entry, by which results are read
     */
    public int add(int token, int position, int[] members, boolean output) {
        if (closed) {
            throw new IllegalStateException("the batch is closed");
        }
        if (size == capacity) {
            throw new IllegalStateException("the batch is full: " + capacity + " tokens");
        }
        if (members.length < 1 || members.length > mostMembers) {
            throw new IllegalArgumentException("a token in " + members.length + " sequences, not 1 to " + mostMembers);
        }
        for (int sequence : members) {
            if (sequence < 0 || sequence >= sequences) {
                throw new IllegalArgumentException("sequence " + sequence + " is not one of " + sequences);
            }
        }
        if (position < 0) {
            throw new IllegalArgumentException("position " + position);
        }
        tokens.setAtIndex(JAVA_INT, size, model.requireToken(token));
        positions.setAtIndex(JAVA_INT, size, position);
        sequenceCounts.setAtIndex(JAVA_INT, size, members.length);
        MemorySegment list = sequenceLists.getAtIndex(ADDRESS, size).reinterpret(4L * mostMembers);
        MemorySegment.copy(members, 0, list, JAVA_INT, 0, members.length);
        outputs.set(JAVA_BYTE, size, (byte) (output ? 1 : 0));
        if (output) {
            outputCount++;
        }
        return size++;
    }

    /** Number of outputs added since the last {@link #clear}. */
    public int outputs() {
        return outputCount;
    }

    /** Removes all tokens. */
    public void clear() {
        size = 0;
        outputCount = 0;
    }

    MemorySegment structure() {
        if (closed) {
            throw new IllegalStateException("the batch is closed");
        }
        Structures.set(Structures.BATCH, structure, "n_tokens", size);
        return structure;
    }

    /** Frees its memory. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            calls.batchFree(structure);
        }
    }

    private MemorySegment array(String field, long bytes) {
        return Structures.address(Structures.BATCH, structure, field).reinterpret(bytes);
    }
}
