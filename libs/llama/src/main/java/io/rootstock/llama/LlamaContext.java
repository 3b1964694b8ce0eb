package io.rootstock.llama;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;

/**
 * State of the sequences being decoded: their KV cache and the results of the last decode. Not safe for several
 * threads; a decode blocks its thread, so that must be a platform thread.
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
            // The library pads the cells of separate sequences to multiples of 256.
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
                // The CPU's flash attention computes in F16 whatever the type of the cache: error 2e-3 instead of 7e-6.
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

    /** Options given at creation. */
    public ContextOptions options() {
        return options;
    }

    /** The decoded model. */
    public LlamaModel model() {
        return model;
    }

    /** Sets the threads for decoding; the pool must stay open longer than the context. */
    public void attach(Threadpool threadpool) {
        calls.nothing(Function.ATTACH_THREADPOOL, pointer(), threadpool.pointer(), threadpool.pointer());
    }

    /**
     * Turns the output of hidden states on or off. While it is on, every token of a batch is an output and its logits
     * are computed; turn it off for tokens whose results are not needed.
     */
    public void produceHiddenStates(boolean on) {
        calls.nothing(Function.SET_EMBEDDINGS, pointer(), on);
        hiddenStates = on;
    }

    /** Applies this adapter at this scale, in addition to the model's own adapter, until {@link #useNone}. */
    public void use(LoadedAdapter adapter, float scale) {
        useAdapters(
                Stream.concat(Stream.of(adapter), model.ownAdapter().stream()).toList(), scale);
    }

    /** Removes the adapter of {@link #use}; the model's own adapter stays applied. */
    public void useNone() {
        useAdapters(model.ownAdapter().stream().toList(), 1);
    }

    /** Applies the first adapter at this scale and a second one at scale 1. */
    private void useAdapters(List<LoadedAdapter> adapters, float firstScale) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointers = arena.allocate(ADDRESS, Math.max(1, adapters.size()));
            for (int index = 0; index < adapters.size(); index++) {
                pointers.setAtIndex(ADDRESS, index, adapters.get(index).pointer());
            }
            calls.useAdapters(pointer(), pointers, adapters.size(), arena.allocateFrom(JAVA_FLOAT, firstScale, 1));
        }
    }

    /** Creates a batch of the largest size that this context decodes at once. */
    public Batch batch() {
        return new Batch(calls, model, options);
    }

    /**
     * Decodes a batch; its results are valid until the next decode.
     *
     * @return false if it was interrupted; the sequences of the batch are then in the previous or a later state: remove
     *     each from its first position in the batch
     * @throws LlamaException if it failed; the state of the batch's sequences is then undefined
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

    /** Interrupts the running or the next decode within one operation of the graph. Callable from any thread. */
    public void interrupt() {
        interrupt.raise();
    }

    /** Clears {@link #interrupt}. */
    public void clearInterrupt() {
        interrupt.clear();
    }

    /** Returns the logits of all outputs of the last decode in order, [outputs * V]; valid until the next decode. */
    public MemorySegment outputLogits() {
        if (outputs == 0) {
            throw new IllegalStateException("the last batch had no output");
        }
        MemorySegment values = calls.address(Function.OUTPUT_LOGITS, pointer());
        return values.reinterpret(4L * outputs * model.vocabularySize());
    }

    /** Returns the logits [V] of a batch entry that was added as an output. */
    public float[] logits(int index) {
        return floats(Function.LOGITS, index, model.vocabularySize());
    }

    /**
     * Copies a complete sequence over another. The next decode performs the copy: until then neither may be saved or
     * restored, but both may be shortened.
     */
    public void copySequence(int from, int to) {
        requireSequence(from);
        requireSequence(to);
        pointer();
        calls.copySequence(memory, from, to);
    }

    /** Serializes a sequence's KV cache, to {@link #restore} it in a context with equal options. */
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

    /** Size in bytes of the result of {@link #save}. */
    public long stateSize(int sequence) {
        requireSequence(sequence);
        return calls.stateSize(pointer(), sequence);
    }

    /** Replaces a sequence's KV cache by one that {@link #save} returned. */
    public void restore(MemorySegment state, int sequence) {
        requireSequence(sequence);
        if (calls.state(Function.STATE_RESTORE, pointer(), state, sequence) != state.byteSize()) {
            throw new LlamaException("cannot restore sequence " + sequence + ": " + NativeLog.lastError());
        }
    }

    /**
     * Returns the hidden state [D] after the final norm, unnormalized, of a batch entry that was added as an output.
     */
    public float[] hiddenState(int index) {
        if (!hiddenStates) {
            throw new IllegalStateException("hidden states are off");
        }
        return floats(Function.EMBEDDINGS, index, model.dimension());
    }

    /** Removes a complete sequence. */
    public void removeSequence(int sequence) {
        removeSequence(sequence, 0);
    }

    /** Removes a sequence from a position to its end. */
    public void removeSequence(int sequence, int from) {
        requireSequence(sequence);
        pointer();
        if (!calls.removeSequence(memory, sequence, from, -1)) {
            throw new LlamaException("cannot forget sequence " + sequence + " from " + from);
        }
    }

    /** Removes all sequences. */
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

    /**
     * Interrupts a decode from another thread. llama.cpp calls its abort callback after every operation of the graph; an
     * upcall into Java would cost microseconds each in a native image. Therefore the callback is C's {@code strlen}, whose
     * argument is a string of length 0 or 1: the length is the result, and an interrupt writes one byte.
     */
    private static final class Interrupt {
        private final MemorySegment string = Arena.ofAuto().allocate(8);

        /** C's {@code strlen}, which a dependency of every library exports. */
        static MemorySegment callback(NativeCalls calls) {
            return calls.pointer("strlen");
        }

        /** Argument of the callback. */
        MemorySegment argument() {
            return string;
        }

        void raise() {
            string.set(JAVA_BYTE, 0, (byte) 1);
        }

        void clear() {
            string.set(JAVA_BYTE, 0, (byte) 0);
        }
    }
}
