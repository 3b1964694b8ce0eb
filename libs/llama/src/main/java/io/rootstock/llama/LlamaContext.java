package io.rootstock.llama;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;

/**
 * The state of sequences being decoded: their keys and values, and the results of the last decode. For one thread at a
 * time; a decode blocks its thread, so that must be a platform thread.
 */
public final class LlamaContext implements AutoCloseable {
    private static final int TYPE_F32 = 0;
    private static final int NO_POOLING = 0;
    private static final int FLASH_ATTENTION_OFF = 0;

    private final NativeCalls calls;
    private final LlamaModel model;
    private final ContextOptions options;
    private final MemorySegment memory;
    private final Interrupt interrupt = new Interrupt();
    private boolean hiddenStates;
    private int outputs;
    private MemorySegment pointer;

    private LlamaContext(NativeCalls calls, LlamaModel model, ContextOptions options, MemorySegment pointer) {
        this.calls = calls;
        this.model = model;
        this.options = options;
        this.hiddenStates = options.hiddenStates();
        this.pointer = pointer;
        this.memory = calls.address(Function.CONTEXT_MEMORY, pointer);
        calls.nothing(Function.SET_ABORT_CALLBACK, pointer, Interrupt.callback(calls), interrupt.argument());
        if (model.ownAdapter().isPresent()) {
            useNone();
        }
    }

    static LlamaContext open(NativeCalls calls, LlamaModel model, ContextOptions options) {
        NativeLog.forgetError();
        MemorySegment pointer;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parameters = calls.contextDefaults(arena);
            // Cells of separate sequences are padded to 256 each by the library.
            int cells =
                    options.shared() ? options.cells() : options.sequences() * ((options.cells() + 255) / 256 * 256);
            set(parameters, "n_ctx", cells);
            set(parameters, "n_batch", options.batch());
            set(parameters, "n_ubatch", options.microBatch());
            set(parameters, "n_seq_max", options.sequences());
            set(parameters, "n_threads", options.threads());
            set(parameters, "n_threads_batch", options.threads());
            set(parameters, "pooling_type", NO_POOLING);
            if (options.exact()) {
                set(parameters, "type_k", TYPE_F32);
                set(parameters, "type_v", TYPE_F32);
                // The CPU's flash attention computes in F16 whatever the cache holds: 2e-3 off where this is 7e-6 off.
                set(parameters, "flash_attn_type", FLASH_ATTENTION_OFF);
            }
            Structures.set(Structures.CONTEXT_PARAMETERS, parameters, "embeddings", options.hiddenStates());
            Structures.set(Structures.CONTEXT_PARAMETERS, parameters, "kv_unified", options.shared());
            pointer = calls.address(Function.CONTEXT_INIT, model.pointer(), parameters);
        }
        if (pointer.address() == 0) {
            throw new LlamaException("cannot make a context with " + options + ": " + NativeLog.lastError());
        }
        return new LlamaContext(calls, model, options, pointer);
    }

    /** Options that the context was made with. */
    public ContextOptions options() {
        return options;
    }

    /** The model that is decoded. */
    public LlamaModel model() {
        return model;
    }

    /** Decodes with these threads from now on; the pool must outlive the context. */
    public void attach(Threadpool threadpool) {
        calls.nothing(Function.ATTACH_THREADPOOL, pointer(), threadpool.pointer(), threadpool.pointer());
    }

    /**
     * Whether decodes give hidden states from now on. While they do, every token of a batch is an output and costs its
     * logits; switch them off for tokens whose results are not wanted.
     */
    public void produceHiddenStates(boolean on) {
        calls.nothing(Function.SET_EMBEDDINGS, pointer(), on);
        hiddenStates = on;
    }

    /** Decodes with this adapter at this strength, besides the model's own, from now on, until {@link #useNone}. */
    public void use(LoadedAdapter adapter, float scale) {
        useAdapters(
                Stream.concat(Stream.of(adapter), model.ownAdapter().stream()).toList(), scale);
    }

    /** Decodes with the model alone, and its own adapter if it has one, from now on. */
    public void useNone() {
        useAdapters(model.ownAdapter().stream().toList(), 1);
    }

    /** The first at this strength, a second as trained. */
    private void useAdapters(List<LoadedAdapter> adapters, float firstScale) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointers = arena.allocate(ADDRESS, Math.max(1, adapters.size()));
            for (int index = 0; index < adapters.size(); index++) {
                pointers.setAtIndex(ADDRESS, index, adapters.get(index).pointer());
            }
            calls.useAdapters(pointer(), pointers, adapters.size(), arena.allocateFrom(JAVA_FLOAT, firstScale, 1));
        }
    }

    /** A batch as large as this context decodes at once. */
    public Batch batch() {
        return new Batch(calls, model, options);
    }

    /**
     * Computes a batch; results are read until the next decode.
     *
     * @return false where it was interrupted; the sequences of the batch are then in the state before or a later one: forget
     *     each from its first position in the batch on
     * @throws LlamaException where it failed; the sequences of the batch are then in no known state
     */
    public boolean decode(Batch batch) {
        if (batch.size() == 0) {
            throw new IllegalArgumentException("an empty batch");
        }
        NativeLog.forgetError();
        int status = calls.integer(Function.DECODE, pointer(), batch.structure());
        outputs = status == 0 ? batch.outputs() : 0;
        return switch (status) {
            case 0 -> true;
            case 1 -> throw new LlamaException("no cells are left for " + batch.size() + " tokens");
            case 2 -> false;
            default ->
                throw new LlamaException(
                        "decoding " + batch.size() + " tokens gave status " + status + ": " + NativeLog.lastError());
        };
    }

    /** Makes the running decode, or the next one, end within one operation of the network. From any thread. */
    public void interrupt() {
        interrupt.raise();
    }

    /** Takes back {@link #interrupt}. */
    public void clearInterrupt() {
        interrupt.clear();
    }

    /** Logits of all outputs of the last decode in the order they were added, [outputs * V]; valid until the next. */
    public MemorySegment outputLogits() {
        if (outputs == 0) {
            throw new IllegalStateException("the last batch had no output");
        }
        MemorySegment values = calls.address(Function.OUTPUT_LOGITS, pointer());
        return values.reinterpret(4L * outputs * model.vocabularySize());
    }

    /** Logits, [V], of a batch entry that was added with output. */
    public float[] logits(int index) {
        return floats(Function.LOGITS, index, model.vocabularySize());
    }

    /**
     * Copies a whole sequence over another. The copy is done by the next decode: until then neither may be saved or
     * restored, but both may be shortened.
     */
    public void copySequence(int from, int to) {
        requireSequence(from);
        requireSequence(to);
        pointer();
        calls.copySequence(memory, from, to);
    }

    /** A sequence's state, as bytes to {@link #restore} in a context of the same options. */
    public MemorySegment save(int sequence, Arena arena) {
        requireSequence(sequence);
        long size = calls.stateSize(pointer(), sequence);
        MemorySegment state = arena.allocate(size);
        long written = calls.state(Function.STATE_SAVE, pointer(), state, sequence);
        if (written != size) {
            throw new LlamaException("saving sequence " + sequence + " gave " + written + " bytes, not " + size);
        }
        return state;
    }

    /** Bytes that {@link #save} would give. */
    public long stateSize(int sequence) {
        requireSequence(sequence);
        return calls.stateSize(pointer(), sequence);
    }

    /** Puts a saved state in the place of a sequence. */
    public void restore(MemorySegment state, int sequence) {
        requireSequence(sequence);
        if (calls.state(Function.STATE_RESTORE, pointer(), state, sequence) != state.byteSize()) {
            throw new LlamaException("cannot restore sequence " + sequence + ": " + NativeLog.lastError());
        }
    }

    /** Final hidden state after the last norm, [D], un-normalised, of a batch entry that was added with output. */
    public float[] hiddenState(int index) {
        if (!hiddenStates) {
            throw new IllegalStateException("hidden states are off");
        }
        return floats(Function.EMBEDDINGS, index, model.dimension());
    }

    /** Forgets a whole sequence. */
    public void removeSequence(int sequence) {
        removeSequence(sequence, 0);
    }

    /** Forgets a sequence from a position on. */
    public void removeSequence(int sequence, int from) {
        requireSequence(sequence);
        pointer();
        if (!calls.removeSequence(memory, sequence, from, -1)) {
            throw new LlamaException("cannot forget sequence " + sequence + " from " + from);
        }
    }

    /** Forgets all sequences. */
    public void clear() {
        pointer();
        calls.nothing(Function.MEMORY_CLEAR, memory, false);
    }

    /** Frees the state. */
    @Override
    public void close() {
        if (pointer.address() != 0) {
            calls.nothing(Function.CONTEXT_FREE, pointer);
            pointer = MemorySegment.NULL;
        }
    }

    private void requireSequence(int sequence) {
        if (sequence < 0 || sequence >= options.sequences()) {
            throw new IllegalArgumentException("sequence " + sequence + " is not one of " + options.sequences());
        }
    }

    private MemorySegment pointer() {
        if (pointer.address() == 0) {
            throw new IllegalStateException("the context is closed");
        }
        return pointer;
    }

    private float[] floats(Function function, int index, int length) {
        MemorySegment values = calls.address(function, pointer(), index);
        if (values.address() == 0) {
            throw new IllegalArgumentException("batch entry " + index + " has no output");
        }
        return values.reinterpret(4L * length).toArray(JAVA_FLOAT);
    }

    private static void set(MemorySegment parameters, String field, int value) {
        Structures.set(Structures.CONTEXT_PARAMETERS, parameters, field, value);
    }
}
