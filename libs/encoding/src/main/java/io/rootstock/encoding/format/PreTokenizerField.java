package io.rootstock.encoding.format;

import io.rootstock.encoding.pretokenizer.SplitPattern;
import io.rootstock.encoding.sentencepiece.Normalization.Prefix;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** {@code pre_tokenizer}: one of the known split patterns with ByteLevel, or blanks as SentencePiece has them. */
sealed interface PreTokenizerField {
    /** Bytes of words. */
    record Words(SplitPattern pattern) implements PreTokenizerField {}

    /**
     * Marks of blanks.
     *
     * @param prefix where a blank is added before a text
     * @param splits whether each mark begins a word
     * @param marksBlanks whether blanks become marks; otherwise a normalizer must have done it
     */
    record Marks(Prefix prefix, boolean splits, boolean marksBlanks) implements PreTokenizerField {}

    static PreTokenizerField read(JsonField field) {
        if (field.isNull()) {
            return new Marks(Prefix.NONE, false, false);
        }
        return switch (field.type()) {
            case "Metaspace" -> metaspace(field);
            case "Split" -> {
                // Gemma: has no effect, because its normalizer has replaced all blanks.
                NormalizerField.requireBlank(field.get("pattern"));
                yield new Marks(Prefix.NONE, false, false);
            }
            case "ByteLevel" -> words(field, List.of(field));
            case "Sequence" -> words(field, field.get("pretokenizers").elements());
            default ->
                throw field.get("type").unsupported("ByteLevel, Sequence of Split or Digits and ByteLevel, Metaspace");
        };
    }

    private static Marks metaspace(JsonField field) {
        NormalizerField.requireMark(field.get("replacement"));
        JsonField scheme = field.get("prepend_scheme");
        boolean legacy = field.get("add_prefix_space").bool(true);
        Prefix prefix = scheme.isNull()
                ? (legacy ? Prefix.EVERY_PART_WITHOUT_BLANK : Prefix.NONE)
                : switch (scheme.text()) {
                    case "always" -> Prefix.EVERY_PART_WITHOUT_BLANK;
                    case "first" -> Prefix.TEXT_WITHOUT_BLANK;
                    case "never" -> Prefix.NONE;
                    default -> throw scheme.unsupported("always, first, never");
                };
        return new Marks(prefix, field.get("split").bool(true), true);
    }

    private static Words words(JsonField field, List<JsonField> steps) {
        if (steps.isEmpty() || !steps.getLast().type().equals("ByteLevel")) {
            throw field.invalid("must end with ByteLevel");
        }
        JsonField byteLevel = steps.getLast();
        byteLevel.get("add_prefix_space").require(false);
        boolean gpt2 = byteLevel.get("use_regex").bool(true);
        if (steps.size() == 1) {
            byteLevel.get("use_regex").require(true);
            return new Words(SplitPattern.GPT2);
        }
        JsonField first = steps.getFirst();
        if (steps.size() == 2 && gpt2 && first.type().equals("Digits")) {
            first.get("individual_digits").require(true);
            return new Words(SplitPattern.SMOLLM);
        }
        if (steps.size() != 2 || !first.type().equals("Split")) {
            throw field.unsupported("ByteLevel; Digits and ByteLevel; Split and ByteLevel");
        }
        byteLevel.get("use_regex").require(false);
        boolean inverted = first.get("invert").bool(false);
        String behaviour = first.get("behavior").text();
        // What does not match is removed: equal, because all known patterns match everything.
        if (!behaviour.equals(inverted ? "Removed" : "Isolated")) {
            throw first.get("behavior").unsupported("Isolated; Removed with invert");
        }
        JsonField pattern = first.get("pattern").get("Regex");
        return new Words(find(pattern.text())
                .orElseThrow(() ->
                        pattern.unsupported("the patterns of gpt2, llama3 (cl100k), qwen2, smollm, tekken, o200k")));
    }

    private static Optional<SplitPattern> find(String pattern) {
        // cl100k and Llama 3 have one pattern; whether merges are ignored is a field of the model.
        return Arrays.stream(SplitPattern.values())
                .filter(known -> known.pattern().equals(pattern))
                .findFirst();
    }
}
