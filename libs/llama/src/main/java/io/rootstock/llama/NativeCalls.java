package io.rootstock.llama;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The C functions as typed Java methods. Handles are linked at their first call, so that a build without a function
 * fails only if it is used.
 */
final class NativeCalls {
    private final SymbolLookup library;
    private final Map<Function, MethodHandle> handles = new ConcurrentHashMap<>();

    @FunctionalInterface
    private interface Call<T> {
        T result(MethodHandle handle) throws Throwable;
    }

    /** A call without a result: a statement, since an expression would give the handle the result type Object. */
    @FunctionalInterface
    private interface Action {
        void run(MethodHandle handle) throws Throwable;
    }

    NativeCalls(SymbolLookup library) {
        this.library = library;
    }

    void nothing(Function function) {
        run(function, handle -> {
            handle.invokeExact();
        });
    }

    void nothing(Function function, MemorySegment a) {
        run(function, handle -> {
            handle.invokeExact(a);
        });
    }

    void nothing(Function function, MemorySegment a, MemorySegment b) {
        run(function, handle -> {
            handle.invokeExact(a, b);
        });
    }

    void nothing(Function function, MemorySegment a, MemorySegment b, MemorySegment c) {
        run(function, handle -> {
            handle.invokeExact(a, b, c);
        });
    }

    void nothing(Function function, MemorySegment a, int b) {
        run(function, handle -> {
            handle.invokeExact(a, b);
        });
    }

    void nothing(Function function, MemorySegment a, boolean b) {
        run(function, handle -> {
            handle.invokeExact(a, b);
        });
    }

    MemorySegment address(Function function) {
        return call(function, handle -> (MemorySegment) handle.invokeExact());
    }

    MemorySegment address(Function function, int a) {
        return call(function, handle -> (MemorySegment) handle.invokeExact(a));
    }

    MemorySegment address(Function function, MemorySegment a) {
        return call(function, handle -> (MemorySegment) handle.invokeExact(a));
    }

    MemorySegment address(Function function, MemorySegment a, MemorySegment b) {
        return call(function, handle -> (MemorySegment) handle.invokeExact(a, b));
    }

    MemorySegment address(Function function, MemorySegment a, int b) {
        return call(function, handle -> (MemorySegment) handle.invokeExact(a, b));
    }

    MemorySegment address(Function function, MemorySegment a, MemorySegment b, MemorySegment c) {
        return call(function, handle -> (MemorySegment) handle.invokeExact(a, b, c));
    }

    int integer(Function function, MemorySegment a) {
        return call(function, handle -> (int) handle.invokeExact(a));
    }

    int integer(Function function, MemorySegment a, MemorySegment b) {
        return call(function, handle -> (int) handle.invokeExact(a, b));
    }

    boolean flag(Function function, MemorySegment a, int b) {
        return call(function, handle -> (boolean) handle.invokeExact(a, b));
    }

    int useAdapters(MemorySegment context, MemorySegment adapters, long count, MemorySegment scales) {
        return call(Function.SET_ADAPTERS, handle -> (int) handle.invokeExact(context, adapters, count, scales));
    }

    long stateSize(MemorySegment context, int sequence) {
        return call(Function.STATE_SIZE, handle -> (long) handle.invokeExact(context, sequence));
    }

    long state(Function saveOrRestore, MemorySegment context, MemorySegment state, int sequence) {
        return call(saveOrRestore, handle -> (long) handle.invokeExact(context, state, state.byteSize(), sequence));
    }

    void copySequence(MemorySegment memory, int from, int to) {
        run(Function.MEMORY_COPY, handle -> {
            handle.invokeExact(memory, from, to, -1, -1);
        });
    }

    boolean removeSequence(MemorySegment memory, int sequence, int from, int to) {
        return call(Function.MEMORY_REMOVE, handle -> (boolean) handle.invokeExact(memory, sequence, from, to));
    }

    int tokenize(
            MemorySegment vocabulary,
            MemorySegment text,
            int bytes,
            MemorySegment tokens,
            int capacity,
            boolean addSpecial,
            boolean parseSpecial) {
        return call(Function.TOKENIZE, handle ->
                (int) handle.invokeExact(vocabulary, text, bytes, tokens, capacity, addSpecial, parseSpecial));
    }

    int piece(MemorySegment vocabulary, int token, MemorySegment buffer, int capacity, boolean special) {
        return call(Function.TOKEN_TO_PIECE, handle ->
                (int) handle.invokeExact(vocabulary, token, buffer, capacity, 0, special));
    }

    MemorySegment modelDefaults(SegmentAllocator allocator) {
        return structure(Function.MODEL_DEFAULTS, allocator);
    }

    MemorySegment contextDefaults(SegmentAllocator allocator) {
        return structure(Function.CONTEXT_DEFAULTS, allocator);
    }

    MemorySegment quantizeDefaults(SegmentAllocator allocator) {
        return structure(Function.QUANTIZE_DEFAULTS, allocator);
    }

    int integer(Function function, MemorySegment a, MemorySegment b, MemorySegment c) {
        return call(function, handle -> (int) handle.invokeExact(a, b, c));
    }

    MemorySegment batchInit(SegmentAllocator allocator, int tokens, int sequences) {
        return call(Function.BATCH_INIT, handle -> (MemorySegment) handle.invokeExact(allocator, tokens, 0, sequences));
    }

    void batchFree(MemorySegment batch) {
        nothing(Function.BATCH_FREE, batch);
    }

    String version() {
        return string(address(Function.VERSION));
    }

    /** Calls the {@code to_float} function of a type at this address. */
    void toFloat(MemorySegment function, MemorySegment source, MemorySegment target, long elements) {
        handles.computeIfAbsent(
                Function.TO_FLOAT, pointer -> Linker.nativeLinker().downcallHandle(pointer.shape()));
        run(Function.TO_FLOAT, handle -> {
            handle.invokeExact(function, source, target, elements);
        });
    }

    /** Copies a C string of the library; NULL becomes the empty string. */
    static String string(MemorySegment pointer) {
        return pointer.address() == 0 ? "" : pointer.reinterpret(Long.MAX_VALUE).getString(0);
    }

    /** Links a function that a backend returns by pointer instead of exporting it. */
    void link(Function function, MemorySegment pointer) {
        handles.putIfAbsent(function, Linker.nativeLinker().downcallHandle(pointer, function.shape()));
    }

    /** Returns the address of a function or variable. */
    MemorySegment pointer(String symbol) {
        return library.find(symbol).orElseThrow(() -> new LlamaException("this build of llama.cpp has no " + symbol));
    }

    private MemorySegment structure(Function function, SegmentAllocator allocator) {
        return call(function, handle -> (MemorySegment) handle.invokeExact(allocator));
    }

    private void run(Function function, Action action) {
        call(function, handle -> {
            action.run(handle);
            return null;
        });
    }

    private <T> T call(Function function, Call<T> call) {
        try {
            return call.result(handle(function));
        } catch (Throwable e) {
            throw failure(function, e);
        }
    }

    private MethodHandle handle(Function function) {
        MethodHandle handle = handles.get(function);
        if (handle == null) {
            link(function, pointer(function.symbol()));
            handle = handles.get(function);
        }
        return handle;
    }

    private static LlamaException failure(Function function, Throwable cause) {
        if (cause instanceof LlamaException already) {
            return already;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new LlamaException("call of " + function.symbol() + " failed", cause);
    }
}
