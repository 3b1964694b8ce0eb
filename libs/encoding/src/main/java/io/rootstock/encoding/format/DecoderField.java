package io.rootstock.encoding.format;

import io.rootstock.encoding.sentencepiece.Pieces;
import java.util.List;

/** {@code decoder}: ByteLevel, or the one of SentencePiece's models. */
sealed interface DecoderField {
    /** Bytes in GPT-2's alphabet. */
    record Bytes() implements DecoderField {}

    /**
     * Marks of blanks and bytes such as {@code <0x0A>}.
     *
     * @param strippedBlanks number of blanks that are removed from the beginning of a text
     */
    record Marks(int strippedBlanks) implements DecoderField {}

    static DecoderField read(JsonField field) {
        return switch (field.type()) {
            case "ByteLevel" -> new Bytes();
            case "Metaspace" -> {
                NormalizerField.requireMark(field.get("replacement"));
                boolean never = !field.get("prepend_scheme").isNull()
                        && field.get("prepend_scheme").text().equals("never");
                yield new Marks(never || !field.get("add_prefix_space").bool(true) ? 0 : 1);
            }
            case "Sequence" -> sequence(field.get("decoders").elements());
            default ->
                throw field.get("type")
                        .unsupported("ByteLevel, Metaspace, Sequence of Replace, ByteFallback, Fuse, Strip");
        };
    }

    private static Marks sequence(List<JsonField> steps) {
        int stripped = 0;
        boolean fused = false;
        for (JsonField step : steps) {
            switch (step.type()) {
                case "Replace" -> {
                    NormalizerField.requireMark(step.get("pattern").get("String"));
                    if (!step.get("content").text().equals(" ")) {
                        throw step.get("content").unsupported("a blank for " + Pieces.MARK);
                    }
                }
                case "ByteFallback" -> {}
                case "Fuse" -> fused = true;
                case "Strip" -> {
                    if (!step.get("content").text().equals(" ")
                            || !fused
                            || step.get("stop").number() != 0) {
                        throw step.unsupported("blanks at the beginning, behind Fuse");
                    }
                    stripped = step.get("start").number();
                }
                default -> throw step.get("type").unsupported("Replace, ByteFallback, Fuse, Strip");
            }
        }
        return new Marks(stripped);
    }
}
