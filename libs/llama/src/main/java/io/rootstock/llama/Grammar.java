package io.rootstock.llama;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * State of a text in a GBNF grammar; determines the tokens that may come next. End-of-text tokens are allowed only if
 * the grammar is complete. Not safe for several threads.
 */
public final class Grammar implements AutoCloseable {
    private static final long ENTRY = Structures.TOKEN_DATA.byteSize();
    private static final long LOGIT = Structures.TOKEN_DATA.byteOffset(groupElement("logit"));

    private final NativeCalls calls;
    private final LlamaModel model;
    private MemorySegment pointer;

    private Grammar(NativeCalls calls, LlamaModel model, MemorySegment pointer) {
        this.calls = calls;
        this.model = model;
        this.pointer = pointer;
    }

    static Grammar parse(NativeCalls calls, LlamaModel model, MemorySegment vocabulary, String gbnf) {
        if (gbnf.isBlank() || gbnf.indexOf('\0') >= 0) {
            throw new LlamaException("an empty grammar, or one with a zero in it");
        }
        NativeLog.forgetError();
        MemorySegment pointer;
        try (Arena arena = Arena.ofConfined()) {
            pointer = calls.address(Function.GRAMMAR, vocabulary, arena.allocateFrom(gbnf), arena.allocateFrom("root"));
        }
        if (pointer.address() == 0) {
            throw new LlamaException("not a grammar in GBNF with a rule root: " + NativeLog.lastError());
        }
        return new Grammar(calls, model, pointer);
    }

    /** Copies the state. */
    public Grammar copy() {
        return new Grammar(calls, model, calls.address(Function.SAMPLER_CLONE, pointer()));
    }

    /** Whether this token is allowed next. */
    public boolean allows(int token) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entry = arena.allocate(Structures.TOKEN_DATA);
            entry.set(JAVA_INT, 0, model.requireToken(token));
            apply(arena, entry, 1);
            return entry.get(JAVA_FLOAT, LOGIT) != Float.NEGATIVE_INFINITY;
        }
    }

    /** Sets the logits, [V], of all tokens that are not allowed next to negative infinity. */
    public void mask(float[] logits) {
        int count = 0;
        int[] tokens = new int[logits.length];
        for (int token = 0; token < logits.length; token++) {
            if (logits[token] != Float.NEGATIVE_INFINITY) {
                tokens[count++] = token;
            }
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment entries = arena.allocate(Structures.TOKEN_DATA, Math.max(1, count));
            for (int i = 0; i < count; i++) {
                entries.set(JAVA_INT, i * ENTRY, tokens[i]);
            }
            apply(arena, entries, count);
            for (int i = 0; i < count; i++) {
                if (entries.get(JAVA_FLOAT, i * ENTRY + LOGIT) == Float.NEGATIVE_INFINITY) {
                    logits[tokens[i]] = Float.NEGATIVE_INFINITY;
                }
            }
        }
    }

    /**
     * Accepts a token.
     *
     * @throws IllegalArgumentException if it is not allowed next; the library would abort the process
     */
    public void accept(int token) {
        if (!allows(token)) {
            throw new IllegalArgumentException("the grammar does not allow token " + token);
        }
        calls.nothing(Function.SAMPLER_ACCEPT, pointer(), token);
    }

    @Override
    public void close() {
        if (pointer.address() != 0) {
            calls.nothing(Function.SAMPLER_FREE, pointer);
            pointer = MemorySegment.NULL;
        }
    }

    private void apply(Arena arena, MemorySegment entries, long count) {
        MemorySegment array = arena.allocate(Structures.TOKEN_DATA_ARRAY);
        Structures.set(Structures.TOKEN_DATA_ARRAY, array, "data", entries);
        Structures.set(Structures.TOKEN_DATA_ARRAY, array, "size", count);
        Structures.set(Structures.TOKEN_DATA_ARRAY, array, "selected", -1L);
        calls.nothing(Function.SAMPLER_APPLY, pointer(), array);
    }

    private MemorySegment pointer() {
        if (pointer.address() == 0) {
            throw new IllegalStateException("the grammar is closed");
        }
        return pointer;
    }
}
