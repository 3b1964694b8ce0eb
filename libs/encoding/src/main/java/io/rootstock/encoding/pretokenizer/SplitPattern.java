package io.rootstock.encoding.pretokenizer;

import java.util.Arrays;
import java.util.Optional;

/** Supported split patterns of pre-tokenizers. */
public enum SplitPattern {
    /** Pattern of GPT-2. */
    GPT2("gpt2", "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+", false),
    /** Pattern of OpenAI's cl100k_base. */
    CL100K("cl100k", Constants.CL100K, false),
    /** Pattern of Llama 3: the words of cl100k, but a word that is in the vocabulary is not merged. */
    LLAMA3("llama3", Constants.CL100K, true),
    /** Pattern of Qwen2, Qwen2.5 and Qwen3: the words of cl100k, but every digit alone. */
    QWEN2("qwen2", Constants.CL100K.replace("\\p{N}{1,3}", "\\p{N}"), false),
    /** Pattern of SmolLM: the words of GPT-2 between digits, every digit alone. Its files define it in two steps. */
    SMOLLM("smollm", "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+|\\s+(?![^\\s\\p{N}])|\\s+", false),
    /** Mistral's tekken: words begin at a change from lower to upper case, every digit alone. */
    TEKKEN("tekken", Constants.TEKKEN, true),
    /** Pattern of OpenAI's o200k_base: tekken's words with their contractions, and numbers of up to three digits. */
    O200K("o200k", Constants.O200K, false);

    private final String id;
    private final String pattern;
    private final boolean ignoreMerges;

    SplitPattern(String id, String pattern, boolean ignoreMerges) {
        this.id = id;
        this.pattern = pattern;
        this.ignoreMerges = ignoreMerges;
    }

    /** Name in {@code tokenizer_config.json}: gpt2, cl100k, llama3, qwen2, smollm, tekken or o200k. */
    public String id() {
        return id;
    }

    /** Pattern in the syntax of {@code tokenizer.json}. */
    public String pattern() {
        return pattern;
    }

    /** Whether a word that is in the vocabulary becomes that token without merging. */
    public boolean ignoreMerges() {
        return ignoreMerges;
    }

    /** Scanner of the pattern's words. */
    public Scanner scanner() {
        return switch (this) {
            case GPT2 -> new Gpt2Scanner();
            case CL100K, LLAMA3 -> new Cl100kScanner(3);
            case QWEN2 -> new Cl100kScanner(1);
            case SMOLLM -> new SmolLmScanner();
            case TEKKEN -> new LetterCaseScanner(1, false);
            case O200K -> new LetterCaseScanner(3, true);
        };
    }

    /** Returns the pattern of that {@link #id()}. */
    public static Optional<SplitPattern> byId(String id) {
        return Arrays.stream(values()).filter(pattern -> pattern.id.equals(id)).findFirst();
    }

    /** Enum constants cannot refer to fields of their own class. */
    private static final class Constants {
        static final String CL100K = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
                + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
        static final String CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?";
        static final String TEKKEN =
                "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
                        + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
                        + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
        static final String O200K = TEKKEN.replace("]+|[^", "]+" + CONTRACTION + "|[^")
                .replace("]*|\\p{N}|", "]*" + CONTRACTION + "|\\p{N}{1,3}|");
    }
}
