package io.rootstock.llama;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A loaded GGUF model: its weights, read-only and shared by all its contexts, and its tokenizer. Safe for several
 * threads until it is closed. Close its contexts first.
 */
public final class LlamaModel implements AutoCloseable {
    private static final String ADD_SPACE_PREFIX = "tokenizer.ggml.add_space_prefix";

    private final NativeCalls calls;
    private final MemorySegment vocabulary;
    private final int vocabularySize;
    private final int dimension;
    private final int trainedContextLength;
    private MemorySegment pointer;
    private Optional<LoadedAdapter> ownAdapter = Optional.empty();

    private LlamaModel(NativeCalls calls, MemorySegment pointer) {
        this.calls = calls;
        this.pointer = pointer;
        this.vocabulary = calls.address(Function.MODEL_VOCABULARY, pointer);
        this.vocabularySize = calls.integer(Function.VOCABULARY_SIZE, vocabulary);
        this.dimension = calls.integer(Function.MODEL_DIMENSION, pointer);
        this.trainedContextLength = calls.integer(Function.MODEL_TRAINED_CONTEXT, pointer);
    }

    static LlamaModel load(NativeCalls calls, Path gguf, boolean addsBlanks) {
        NativeLog.forgetError();
        MemorySegment pointer;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parameters = calls.modelDefaults(arena);
            if (!addsBlanks) {
                KeyOverride.set(parameters, ADD_SPACE_PREFIX, false, arena);
            }
            pointer = calls.address(Function.MODEL_LOAD, arena.allocateFrom(gguf.toString()), parameters);
        }
        if (pointer.address() == 0) {
            throw new LlamaException("cannot load " + gguf + ": " + NativeLog.lastError());
        }
        return new LlamaModel(calls, pointer);
    }

    /** V, the number of tokens. */
    public int vocabularySize() {
        return vocabularySize;
    }

    /** D, the size of the hidden state. */
    public int dimension() {
        return dimension;
    }

    /** Context length of the model's training, in tokens. */
    public int trainedContextLength() {
        return trainedContextLength;
    }

    /** Id of BOS; -1: none. */
    public int beginOfText() {
        return calls.integer(Function.VOCABULARY_BEGIN, vocabulary);
    }

    /** Id of EOS; -1: none. */
    public int endOfText() {
        return calls.integer(Function.VOCABULARY_END, vocabulary);
    }

    /** Whether generation ends at this token: end of text or end of turn. */
    public boolean endsGeneration(int token) {
        return calls.flag(Function.VOCABULARY_END_OF_GENERATION, vocabulary, requireToken(token));
    }

    /** Jinja chat template in the model file. */
    public Optional<String> chatTemplate() {
        MemorySegment template = calls.address(Function.MODEL_CHAT_TEMPLATE, pointer(), MemorySegment.NULL);
        return template.address() == 0 ? Optional.empty() : Optional.of(NativeCalls.string(template));
    }

    /**
     * Tokenizes a text without adding BOS or EOS.
     *
     * @param parseSpecial whether texts of special tokens become those tokens; false: they stay plain text
     */
    public int[] tokenize(String text, boolean parseSpecial) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0) {
            return new int[0];
        }
        pointer();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment utf8 = arena.allocateFrom(JAVA_BYTE, bytes);
            MemorySegment tokens = arena.allocate(JAVA_INT, bytes.length);
            int count = calls.tokenize(vocabulary, utf8, bytes.length, tokens, bytes.length, false, parseSpecial);
            if (count < 0 && count > Integer.MIN_VALUE) {
                // More tokens than bytes, which SentencePiece's added blanks make possible: the negated number is
                // returned.
                int most = -count;
                tokens = arena.allocate(JAVA_INT, most);
                count = calls.tokenize(vocabulary, utf8, bytes.length, tokens, most, false, parseSpecial);
            }
            if (count < 0) {
                throw new LlamaException("tokenizing " + bytes.length + " bytes gave " + count);
            }
            return tokens.asSlice(0, 4L * count).toArray(JAVA_INT);
        }
    }

    /** Returns the UTF-8 bytes of a token, possibly a part of a character; empty for a special token. */
    public byte[] piece(int token) {
        return piece(token, false);
    }

    /** Whether a token is a control token, such as {@code <|im_end|>}. */
    public boolean isControl(int token) {
        pointer();
        return calls.flag(Function.VOCABULARY_IS_CONTROL, vocabulary, requireToken(token));
    }

    /** Returns the control tokens: content to id, in id order. */
    public Map<String, Integer> controlTokens() {
        Map<String, Integer> tokens = new LinkedHashMap<>();
        for (int token = 0; token < vocabularySize; token++) {
            if (isControl(token)) {
                tokens.put(text(token), token);
            }
        }
        return Collections.unmodifiableMap(tokens);
    }

    /** Returns the text of a token in the vocabulary, also of a special token. */
    public String text(int token) {
        return new String(piece(token, true), StandardCharsets.UTF_8);
    }

    private byte[] piece(int token, boolean special) {
        pointer();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(256);
            int length = calls.piece(vocabulary, requireToken(token), buffer, 256, special);
            if (length < 0) {
                // The buffer was too small: the negated size is returned.
                buffer = arena.allocate(-length);
                length = calls.piece(vocabulary, token, buffer, -length, special);
            }
            return buffer.asSlice(0, length).toArray(JAVA_BYTE);
        }
    }

    /**
     * Creates a context, the state of sequences being decoded.
     *
     * @throws LlamaException if memory is insufficient
     */
    public LlamaContext context(ContextOptions options) {
        return LlamaContext.open(calls, this, options);
    }

    /**
     * Makes a low-rank adapter part of this model: every context created from now on applies it, in addition to the
     * context's own adapter. The weights are unchanged, and stay shared with other processes that map the same file.
     *
     * @throws LlamaException if it does not match the model
     * @throws IllegalStateException if the model already has one
     */
    public void adapt(Path gguf) {
        if (ownAdapter.isPresent()) {
            throw new IllegalStateException("the model has an adapter of its own already");
        }
        ownAdapter = Optional.of(loadAdapter(gguf));
    }

    /** Adapter that every context applies; empty: none. */
    Optional<LoadedAdapter> ownAdapter() {
        return ownAdapter;
    }

    /**
     * Loads a low-rank adapter of this model.
     *
     * @throws LlamaException if it does not match the model
     */
    public LoadedAdapter loadAdapter(Path gguf) {
        return LoadedAdapter.load(calls, this, gguf);
    }

    /**
     * Creates the initial state of a grammar.
     *
     * @throws LlamaException if it is not GBNF with a rule {@code root}
     */
    public Grammar grammar(String gbnf) {
        pointer();
        return Grammar.parse(calls, this, vocabulary, gbnf);
    }

    MemorySegment pointer() {
        if (pointer.address() == 0) {
            throw new IllegalStateException("the model is closed");
        }
        return pointer;
    }

    int requireToken(int token) {
        if (token < 0 || token >= vocabularySize) {
            throw new IllegalArgumentException("token " + token + " is not in the vocabulary of " + vocabularySize);
        }
        return token;
    }

    /** Frees the weights. */
    @Override
    public void close() {
        if (pointer.address() != 0) {
            ownAdapter.ifPresent(LoadedAdapter::close);
            calls.nothing(Function.MODEL_FREE, pointer);
            pointer = MemorySegment.NULL;
        }
    }

    /**
     * Values with which a model is loaded instead of its file's: llama.cpp's {@code struct llama_model_kv_override}, a tag of 4
     * bytes, a key of 128, and at byte 136 a value of 128. An empty key ends the array.
     */
    private static final class KeyOverride {
        private static final int BOOL = 2;
        private static final int KEY_AT = 4;
        private static final int MAX_KEY_LENGTH = 127;
        private static final int VALUE_AT = 136;
        private static final int BYTES = 264;

        private KeyOverride() {}

        /** Sets one bool in model parameters; the array lives as long as the arena. */
        static void set(MemorySegment modelParameters, String key, boolean value, Arena arena) {
            byte[] ascii = key.getBytes(StandardCharsets.US_ASCII);
            if (ascii.length > MAX_KEY_LENGTH) {
                throw new IllegalArgumentException("key " + key + " has more than " + MAX_KEY_LENGTH + " characters");
            }
            // Allocated memory is zero, so that the second element ends the array.
            MemorySegment overrides = arena.allocate(2L * BYTES, Long.BYTES);
            overrides.set(JAVA_INT, 0, BOOL);
            MemorySegment.copy(ascii, 0, overrides, JAVA_BYTE, KEY_AT, ascii.length);
            overrides.set(JAVA_BYTE, VALUE_AT, (byte) (value ? 1 : 0));
            modelParameters.set(
                    ValueLayout.ADDRESS,
                    Structures.MODEL_PARAMETERS.byteOffset(groupElement("kv_overrides")),
                    overrides);
        }
    }
}
