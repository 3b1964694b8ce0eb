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
}
