package io.rootstock.checkpoint.gguf;

import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * llama.cpp's pre-tokenizer, by its name in {@code tokenizer.ggml.pre}.
 *
 * @param name name of the pre-tokenizer, as in {@link TokenizerFiles#preTokenizer}
 * @param ignoreMerges whether a pre-token that is in the vocabulary is used without merging
 */
record GgufPreTokenizer(String name, boolean ignoreMerges) {
    private static final GgufPreTokenizer LLAMA3 = new GgufPreTokenizer("llama3", true);
    private static final GgufPreTokenizer QWEN2 = new GgufPreTokenizer("qwen2", false);

    /** llama.cpp has several names for some pre-tokenizers. */
    private static final Map<String, GgufPreTokenizer> BY_NAME = Map.ofEntries(
            Map.entry("gpt-2", new GgufPreTokenizer("gpt2", false)),
            Map.entry("llama-bpe", LLAMA3),
            Map.entry("llama3", LLAMA3),
            Map.entry("llama-v3", LLAMA3),
            Map.entry("falcon3", LLAMA3),
            Map.entry("pixtral", LLAMA3),
            Map.entry("dbrx", new GgufPreTokenizer("llama3", false)),
            Map.entry("smaug-bpe", new GgufPreTokenizer("llama3", false)),
            Map.entry("qwen2", QWEN2),
            Map.entry("deepseek-r1-qwen", QWEN2),
            Map.entry("smollm", new GgufPreTokenizer("smollm", false)),
            Map.entry("tekken", new GgufPreTokenizer("tekken", true)),
            Map.entry("gpt-4o", new GgufPreTokenizer("o200k", false)));

    static Optional<GgufPreTokenizer> of(String pre) {
        return Optional.ofNullable(BY_NAME.get(pre));
    }

    static List<String> names() {
        return BY_NAME.keySet().stream().sorted().toList();
    }

    /**
     * Returns llama.cpp's name of the pre-tokenizer. llama.cpp has one pattern for Llama 3 and cl100k, under two names:
     * {@code llama-bpe} uses a pre-token that is in the vocabulary without merging, {@code dbrx} merges.
     *
     * @throws IllegalArgumentException if llama.cpp would split text differently from the tokenizer
     */
    static String nameOf(TokenizerFiles tokenizer) {
        return switch (tokenizer.preTokenizer()) {
            case "gpt2" -> {
                if (tokenizer.ignoreMerges()) {
                    throw new IllegalArgumentException(
                            "llama.cpp has no gpt2 pre-tokenizer with ignore_merges; train the tokenizer without it");
                }
                yield "gpt-2";
            }
            case "cl100k", "llama3" -> tokenizer.ignoreMerges() ? "llama-bpe" : "dbrx";
            case "qwen2", "smollm" -> {
                if (tokenizer.ignoreMerges()) {
                    throw new IllegalArgumentException(
                            "llama.cpp has no " + tokenizer.preTokenizer() + " pre-tokenizer with ignore_merges");
                }
                yield tokenizer.preTokenizer();
            }
            case "tekken" -> {
                if (!tokenizer.ignoreMerges()) {
                    throw new IllegalArgumentException("llama.cpp has no tekken pre-tokenizer without ignore_merges");
                }
                yield "tekken";
            }
            case "o200k" -> {
                if (tokenizer.ignoreMerges()) {
                    throw new IllegalArgumentException("llama.cpp has no gpt-4o pre-tokenizer with ignore_merges");
                }
                yield "gpt-4o";
            }
            default ->
                throw new IllegalArgumentException("llama.cpp has no pre-tokenizer '" + tokenizer.preTokenizer()
                        + "'; use gpt2, cl100k, llama3, qwen2, smollm, tekken or o200k");
        };
    }
}
