package io.rootstock.encoding.format;

import io.rootstock.encoding.sentencepiece.Pieces;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code normalizer}: null, NFC, and those of SentencePiece's models, Prepend and Replace of blanks.
 *
 * @param composed whether text is normalized to Unicode NFC
 * @param prepends whether the mark of a blank is added before each part of a text
 * @param marksBlanks whether blanks become marks
 */
record NormalizerField(boolean composed, boolean prepends, boolean marksBlanks) {
    private static final NormalizerField NONE = new NormalizerField(false, false, false);

    static NormalizerField read(JsonField field) {
        if (field.isNull()) {
            return NONE;
        }
        List<JsonField> steps = steps(field).toList();
        NormalizerField result = NONE;
        for (JsonField step : steps) {
            result = switch (step.type()) {
                case "NFC" -> new NormalizerField(true, result.prepends, result.marksBlanks);
                case "Prepend" -> {
                    requireMark(step.get("prepend"));
                    if (result.marksBlanks) {
                        throw step.invalid("must be before Replace");
                    }
                    yield new NormalizerField(result.composed, true, false);
                }
                case "Replace" -> {
                    requireBlank(step.get("pattern"));
                    requireMark(step.get("content"));
                    yield new NormalizerField(result.composed, result.prepends, true);
                }
                default -> throw step.get("type").unsupported("NFC; Prepend and Replace of blanks by " + Pieces.MARK);
            };
        }
        if (result.composed && steps.size() > 1) {
            throw field.invalid("has NFC and other normalizers; supported: NFC alone");
        }
        return result;
    }

    private static Stream<JsonField> steps(JsonField field) {
        return field.type().equals("Sequence")
                ? field.get("normalizers").elements().stream().flatMap(NormalizerField::steps)
                : Stream.of(field);
    }

    static void requireBlank(JsonField pattern) {
        JsonField text = pattern.get("String");
        if (text.isNull() || !text.text().equals(" ")) {
            throw pattern.unsupported("{\"String\": \" \"}");
        }
    }

    static void requireMark(JsonField field) {
        if (!field.text().equals(Pieces.MARK)) {
            throw field.unsupported(Pieces.MARK);
        }
    }
}
