package io.rootstock.llama;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The loaded llama.cpp library. One process loads one build and never unloads it; whatever the library makes (models,
 * thread pools) is made here and freed by its own {@code close()}. Safe for use by several threads.
 */
public final class Llama {
    private static final int CPU_DEVICE = 0;
    /** Rows in memory at once while quantizing; the library's own default is 8 GiB. */
    private static final long QUANTIZE_BUFFER_BYTES = 256L << 20;

    private static Llama shared;

    private final Path directory;
    private final NativeCalls calls;

    private Llama(Path directory) {
        this.directory = directory;
        this.calls = new NativeCalls(SharedLibraries.open(directory));
        AbiCheck.require(calls);
        calls.nothing(Function.LOG_SET, Callback.LOG.pointer(), MemorySegment.NULL);
        try (Arena arena = Arena.ofConfined()) {
            // Picks the best of the libggml-cpu-* variants for this machine; without it there is no backend at all.
            calls.nothing(Function.LOAD_BACKENDS, arena.allocateFrom(directory.toString()));
        }
        calls.nothing(Function.BACKEND_INIT);
        if (calls.address(Function.DEVICE_BY_TYPE, CPU_DEVICE).address() == 0) {
            throw new LlamaException("no libggml-cpu in " + directory + " runs on this machine");
        }
    }

    /**
     * The library of {@link NativeDirectory#find()}, loaded at the first call.
     *
     * @throws LlamaException where it is not found or its ABI is another
     */
    public static synchronized Llama shared() {
        if (shared == null) {
            shared = new Llama(NativeDirectory.find());
        }
        return shared;
    }

    /** Where the shared libraries are. */
    public Path directory() {
        return directory;
    }

    /** Such as {@code 0.4.0}. */
    public String version() {
        return calls.version();
    }

    /** The processor features in use. */
    public String systemInformation() {
        return NativeCalls.string(calls.address(Function.SYSTEM_INFORMATION));
    }

    /**
     * A tensor type.
     *
     * @param number its {@code ggml_type}, as a GGUF file states it
     * @throws LlamaException where the library has no such type
     */
    public GgmlType type(int number) {
        return GgmlType.read(calls, number);
    }

    /**
     * Loads a GGUF file, memory-mapped. Validate the file before: a broken one can end the process.
     *
     * @throws LlamaException where the library refuses it
     */
    public LlamaModel load(Path gguf) {
        if (!Files.isReadable(gguf)) {
            throw new LlamaException("cannot read " + gguf);
        }
        return LlamaModel.load(calls, gguf);
    }

    /**
     * Writes a model in another number format; the same file and format give the same bytes.
     *
     * @param from a validated F32 or F16 file
     * @param to where to write; nothing is left there where it fails
     * @param threads threads to use
     * @throws LlamaException where the library refuses it
     */
    public void quantize(Path from, Path to, Quantization quantization, int threads) {
        NativeLog.forgetError();
        int status;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parameters = calls.quantizeDefaults(arena);
            Structures.set(Structures.QUANTIZE_PARAMETERS, parameters, "nthread", threads);
            Structures.set(Structures.QUANTIZE_PARAMETERS, parameters, "ftype", quantization.fileType());
            Structures.set(Structures.QUANTIZE_PARAMETERS, parameters, "max_buf_size", QUANTIZE_BUFFER_BYTES);
            status = calls.integer(
                    Function.QUANTIZE,
                    arena.allocateFrom(from.toString()),
                    arena.allocateFrom(to.toString()),
                    parameters);
        }
        if (status != 0) {
            String reason = NativeLog.lastError();
            try {
                Files.deleteIfExists(to);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            throw new LlamaException("cannot write " + from + " as " + quantization + ": " + reason);
        }
    }

    /**
     * Starts worker threads that stay: without them this build starts and joins its threads in every decode, which
     * halves the speed of small models.
     *
     * @param threads worker threads, the decoding thread included
     */
    public Threadpool threadpool(int threads) {
        MemorySegment device = calls.address(Function.DEVICE_BY_TYPE, CPU_DEVICE);
        MemorySegment registry = calls.address(Function.DEVICE_REGISTRY, device);
        linkFromBackend(registry, Function.THREADPOOL_NEW);
        linkFromBackend(registry, Function.THREADPOOL_FREE);
        return new Threadpool(calls, threads);
    }

    private void linkFromBackend(MemorySegment registry, Function function) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pointer =
                    calls.address(Function.REGISTRY_FUNCTION, registry, arena.allocateFrom(function.symbol()));
            if (pointer.address() == 0) {
                throw new LlamaException("the CPU backend has no " + function.symbol());
            }
            calls.link(function, pointer);
        }
    }
}
