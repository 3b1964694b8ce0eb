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

    NativeCalls(SymbolLookup library) {
        this.library = library;
    }

    void nothing(Function function) {
        try {
            handle(function).invokeExact();
        } catch (Throwable e) {
            throw failure(function, e);
        }
    }

    void nothing(Function function, MemorySegment a) {
        try {
            handle(function).invokeExact(a);
        } catch (Throwable e) {
            throw failure(function, e);
        }
    }

    void nothing(Function function, MemorySegment a, MemorySegment b) {
        try {
            handle(function).invokeExact(a, b);
        } catch (Throwable e) {
            throw failure(function, e);
        }
    }

    void nothing(Function function, MemorySegment a, MemorySegment b, MemorySegment c) {
        try {
            handle(function).invokeExact(a, b, c);
        } catch (Throwable e) {
            throw failure(function, e);
        }
    }

    void nothing(Function function, MemorySegment a, int b) {
        try {
            handle(function).invokeExact(a, b);
        } catch (Throwable e) {
            throw failure(function, e);
        }
    }

    void nothing(Function function, MemorySegment a, boolean b) {
        try {
            handle(function).invokeExact(a, b);
        } catch (Throwable e) {
            throw failure(function, e);
        }
    }

    MemorySegment address(Function function) {
        try {
            return (MemorySegment) handle(function).invokeExact();
        } catch (Throwable e) {
            throw failure(function, e);
        }
    }

    MemorySegment address(Function function, int a) {
        try {
            return (MemorySegment) handle(function).invokeExact(a);
        } catch (Throwable e) {
            throw failure(function, e);
        }
    }

    MemorySegment address(Function function, MemorySegment a) {
        try {
            return (MemorySegment) handle(function).invokeExact(a);
        } catch (Throwable e) {
            throw failure(function, e);
        }
    }

    MemorySegment address(Function function, MemorySegment a, MemorySegment b) {
        try {
            return (MemorySegment) handle(function).invokeExact(a, b);
        } catch (Throwable e) {
            throw failure(function, e);
        }
    }

    MemorySegment address(Function function, MemorySegment a, int b) {
        try {
            return (MemorySegment) handle(function).invokeExact(a, b);
        } catch (Throwable e) {
            throw failure(function, e);
        }
    }

    MemorySegment address(Function function, MemorySegment a, MemorySegment b, MemorySegment c) {
        try {
            return (MemorySegment) handle(function).invokeExact(a, b, c);
        } catch (Throwable e) {
            throw failure(function, e);
        }
    }

    int integer(Function function, MemorySegment a) {
        try {
            return (int) handle(function).invokeExact(a);
        } catch (Throwable e) {
            throw failure(function, e);
        }
    }

    int integer(Function function, MemorySegment a, MemorySegment b) {
        try {
            return (int) handle(function).invokeExact(a, b);
        } catch (Throwable e) {
            throw failure(function, e);
        }
    }

    boolean flag(Function function, MemorySegment a, int b) {
        try {
            return (boolean) handle(function).invokeExact(a, b);
        } catch (Throwable e) {
            throw failure(function, e);
        }
    }

    int useAdapters(MemorySegment context, MemorySegment adapters, long count, MemorySegment scales) {
        try {
            return (int) handle(Function.SET_ADAPTERS).invokeExact(context, adapters, count, scales);
        } catch (Throwable e) {
            throw failure(Function.SET_ADAPTERS, e);
        }
    }

    long stateSize(MemorySegment context, int sequence) {
        try {
            return (long) handle(Function.STATE_SIZE).invokeExact(context, sequence);
        } catch (Throwable e) {
            throw failure(Function.STATE_SIZE, e);
        }
    }

    long state(Function saveOrRestore, MemorySegment context, MemorySegment state, int sequence) {
        try {
            return (long) handle(saveOrRestore).invokeExact(context, state, state.byteSize(), sequence);
        } catch (Throwable e) {
            throw failure(saveOrRestore, e);
        }
    }

    void copySequence(MemorySegment memory, int from, int to) {
        try {
            handle(Function.MEMORY_COPY).invokeExact(memory, from, to, -1, -1);
        } catch (Throwable e) {
            throw failure(Function.MEMORY_COPY, e);
        }
    }

    boolean removeSequence(MemorySegment memory, int sequence, int from, int to) {
        try {
            return (boolean) handle(Function.MEMORY_REMOVE).invokeExact(memory, sequence, from, to);
        } catch (Throwable e) {
            throw failure(Function.MEMORY_REMOVE, e);
        }
    }

    int tokenize(
            MemorySegment vocabulary,
            MemorySegment text,
            int bytes,
            MemorySegment tokens,
            int capacity,
            boolean addSpecial,
            boolean parseSpecial) {
        try {
            return (int) handle(Function.TOKENIZE)
                    .invokeExact(vocabulary, text, bytes, tokens, capacity, addSpecial, parseSpecial);
        } catch (Throwable e) {
            throw failure(Function.TOKENIZE, e);
        }
    }

    int piece(MemorySegment vocabulary, int token, MemorySegment buffer, int capacity, boolean special) {
        try {
            return (int) handle(Function.TOKEN_TO_PIECE).invokeExact(vocabulary, token, buffer, capacity, 0, special);
        } catch (Throwable e) {
            throw failure(Function.TOKEN_TO_PIECE, e);
        }
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
        try {
            return (int) handle(function).invokeExact(a, b, c);
        } catch (Throwable e) {
            throw failure(function, e);
        }
    }

    MemorySegment batchInit(SegmentAllocator allocator, int tokens, int sequences) {
        try {
            return (MemorySegment) handle(Function.BATCH_INIT).invokeExact(allocator, tokens, 0, sequences);
        } catch (Throwable e) {
            throw failure(Function.BATCH_INIT, e);
        }
    }

    void batchFree(MemorySegment batch) {
        nothing(Function.BATCH_FREE, batch);
    }

    String version() {
        return string(address(Function.VERSION));
    }

    /** Calls the {@code to_float} function of a type at this address. */
    void toFloat(MemorySegment function, MemorySegment source, MemorySegment target, long elements) {
        try {
            MethodHandle handle = handles.computeIfAbsent(
                    Function.TO_FLOAT, pointer -> Linker.nativeLinker().downcallHandle(pointer.shape()));
            handle.invokeExact(function, source, target, elements);
        } catch (Throwable e) {
            throw failure(Function.TO_FLOAT, e);
        }
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
        try {
            return (MemorySegment) handle(function).invokeExact(allocator);
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
