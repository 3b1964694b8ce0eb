package io.rootstock.llama;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The loaded llama.cpp library. A process loads one build and never unloads it. Creates models and thread pools, which
 * their {@code close()} frees. Safe for several threads.
 */
public final class Llama {
    private static final int CPU_DEVICE = 0;
    /** Memory for rows during quantization; the library's default is 8 GiB. */
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
            // Selects the best libggml-cpu-* variant for this machine; without it the library has no CPU backend.
            calls.nothing(Function.LOAD_BACKENDS, arena.allocateFrom(directory.toString()));
        }
        calls.nothing(Function.BACKEND_INIT);
        if (calls.address(Function.DEVICE_BY_TYPE, CPU_DEVICE).address() == 0) {
            throw new LlamaException("no libggml-cpu in " + directory + " runs on this machine");
        }
    }

    /**
     * Returns the library of {@link NativeDirectory#find()}, which the first call loads.
     *
     * @throws LlamaException if it is not found or has a different ABI
     */
    public static synchronized Llama shared() {
        if (shared == null) {
            shared = new Llama(NativeDirectory.find());
        }
        return shared;
    }

    /** Directory of the shared libraries. */
    public Path directory() {
        return directory;
    }

    /** Version, for example {@code 0.4.0}. */
    public String version() {
        return calls.version();
    }

    /** CPU features in use. */
    public String systemInformation() {
        return NativeCalls.string(calls.address(Function.SYSTEM_INFORMATION));
    }

    /**
     * Returns a tensor type.
     *
     * @param number {@code ggml_type} as in a GGUF file
     * @throws LlamaException if the library does not have this type
     */
    public GgmlType type(int number) {
        return GgmlType.read(calls, number);
    }

    /**
     * Loads a GGUF file, memory-mapped. Validate the file first: a damaged file can abort the process.
     *
     * @throws LlamaException if the library cannot load it
     */
    public LlamaModel load(Path gguf) {
        return load(gguf, true);
    }

    /**
     * Loads a GGUF file, as {@link #load(Path)}.
     *
     * @param addsBlanks whether a SentencePiece tokenizer adds blanks where the file states it; else it adds none
     */
    public LlamaModel load(Path gguf, boolean addsBlanks) {
        if (!Files.isReadable(gguf)) {
            throw new LlamaException("cannot read " + gguf);
        }
        return LlamaModel.load(calls, gguf, addsBlanks);
    }

    /**
     * Quantizes a model; the output is deterministic.
     *
     * @param from validated F32 or F16 file
     * @param to output file; deleted on failure
     * @param threads number of threads
     * @throws LlamaException if the library fails
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
     * Starts persistent worker threads: without them this build starts and joins threads in every decode, which halves
     * the speed of small models.
     *
     * @param threads number of threads, the decoding thread included
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
