package io.rootstock.llama;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * A low-rank adapter in memory, for the model that loaded it. Close it before the model, after all contexts stopped
 * using it ({@link LlamaContext#use}). Validate the file first: a damaged file can abort the process.
 */
public final class LoadedAdapter implements AutoCloseable {
    private final NativeCalls calls;
    private MemorySegment pointer;

    private LoadedAdapter(NativeCalls calls, MemorySegment pointer) {
        this.calls = calls;
        this.pointer = pointer;
    }

    static LoadedAdapter load(NativeCalls calls, LlamaModel model, Path gguf) {
        NativeLog.forgetError();
        MemorySegment pointer;
        try (Arena arena = Arena.ofConfined()) {
            pointer = calls.address(Function.ADAPTER_LOAD, model.pointer(), arena.allocateFrom(gguf.toString()));
        }
        if (pointer.address() == 0) {
            throw new LlamaException("cannot load the adapter " + gguf + ": " + NativeLog.lastError());
        }
        return new LoadedAdapter(calls, pointer);
    }

    MemorySegment pointer() {
        if (pointer.address() == 0) {
            throw new IllegalStateException("the adapter is closed");
        }
        return pointer;
    }

    @Override
    public void close() {
        if (pointer.address() != 0) {
            calls.nothing(Function.ADAPTER_FREE, pointer);
            pointer = MemorySegment.NULL;
        }
    }
}
