package io.rootstock.llama;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Chooses tokens for one sequence and remembers those it chose. For one thread at a time. */
public final class Sampler implements AutoCloseable {
    /** Tokens that the repeat penalty looks back on; also the most that need to be {@link #accept}ed of a prompt. */
    public static final int PENALTY_WINDOW = 64;

    private final NativeCalls calls;
    private final LlamaModel model;
    private MemorySegment pointer;

    private Sampler(NativeCalls calls, LlamaModel model, MemorySegment pointer) {
        this.calls = calls;
        this.model = model;
        this.pointer = pointer;
    }

    static Sampler of(NativeCalls calls, LlamaModel model, SamplerOptions options) {
        Sampler chain;
        try (Arena arena = Arena.ofConfined()) {
            chain = new Sampler(
                    calls, model, calls.address(Function.SAMPLER_CHAIN, arena.allocateFrom(JAVA_BYTE, (byte) 1)));
        }
        if (options.penalizes()) {
            chain.add(calls.penalties(model.vocabularySize(), PENALTY_WINDOW, options));
        }
        if (options.temperature() == 0) {
            chain.add(calls.address(Function.SAMPLER_GREEDY));
            return chain;
        }
        if (options.topK() > 0) {
            chain.add(calls.address(Function.SAMPLER_TOP_K, options.topK()));
        }
        if (options.topP() < 1) {
            chain.add(calls.address(Function.SAMPLER_TOP_P, options.topP(), 1L));
        }
        if (options.minP() > 0) {
            chain.add(calls.address(Function.SAMPLER_MIN_P, options.minP(), 1L));
        }
        chain.add(calls.address(Function.SAMPLER_TEMPERATURE, options.temperature()));
        chain.add(calls.address(Function.SAMPLER_DISTRIBUTION, options.seed()));
        return chain;
    }

    /** Remembers a token that it did not choose itself, such as one of the prompt. */
    public void accept(int token) {
        calls.nothing(Function.SAMPLER_ACCEPT, pointer(), model.requireToken(token));
    }

    MemorySegment pointer() {
        if (pointer.address() == 0) {
            throw new IllegalStateException("the sampler is closed");
        }
        return pointer;
    }

    /** Frees it. */
    @Override
    public void close() {
        if (pointer.address() != 0) {
            calls.nothing(Function.SAMPLER_FREE, pointer);
            pointer = MemorySegment.NULL;
        }
    }

    private void add(MemorySegment sampler) {
        calls.nothing(Function.SAMPLER_ADD, pointer, sampler);
    }
}
