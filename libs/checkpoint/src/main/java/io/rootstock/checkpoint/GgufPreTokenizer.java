package io.rootstock.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How llama.cpp splits text before merging, by the name that {@code tokenizer.ggml.pre} states.
 *
 * @param name the split pattern, as {@link TokenizerFiles#preTokenizer} names it
 * @param ignoreMerges whether a whole pre-token that is a token is taken without merging
 */
record GgufPreTokenizer(String name, boolean ignoreMerges) {
    private static final GgufPreTokenizer LLAMA3 = new GgufPreTokenizer("llama3", true);
    private static final GgufPreTokenizer QWEN2 = new GgufPreTokenizer("qwen2", false);

    /** llama.cpp has several names for some of them. */
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
            Map.entry("tekken", new GgufPreTokenizer("tekken", true)));

    static Optional<GgufPreTokenizer> of(String pre) {
        return Optional.ofNullable(BY_NAME.get(pre));
    }

    static List<String> names() {
        return BY_NAME.keySet().stream().sorted().toList();
    }
}
