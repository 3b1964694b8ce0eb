package io.rootstock.encoding.format;

import java.util.ArrayList;
import java.util.List;

/**
 * {@code post_processor}: tokens before and after a text.
 *
 * @param before ids
 * @param after ids
 */
record PostProcessorField(List<Integer> before, List<Integer> after) {
    private static final PostProcessorField NONE = new PostProcessorField(List.of(), List.of());

    PostProcessorField {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    static PostProcessorField read(JsonField field) {
        if (field.isNull()) {
            return NONE;
        }
        return switch (field.type()) {
            case "ByteLevel" -> NONE;
            case "TemplateProcessing" -> template(field);
            case "Sequence" -> {
                PostProcessorField result = NONE;
                for (JsonField step : field.get("processors").elements()) {
                    PostProcessorField added = read(step);
                    if (!added.equals(NONE) && !result.equals(NONE)) {
                        throw step.invalid("is a second template; one is supported");
                    }
                    result = added.equals(NONE) ? result : added;
                }
                yield result;
            }
            default -> throw field.get("type").unsupported("ByteLevel, TemplateProcessing, Sequence");
        };
    }

    private static PostProcessorField template(JsonField field) {
        List<Integer> before = new ArrayList<>();
        List<Integer> after = new ArrayList<>();
        boolean text = false;
        for (JsonField piece : field.get("single").elements()) {
            if (!piece.get("Sequence").isNull()) {
                if (text) {
                    throw piece.invalid("is the text a second time");
                }
                text = true;
                continue;
            }
            String name = piece.get("SpecialToken").get("id").text();
            JsonField ids = field.get("special_tokens").get(name).get("ids");
            if (ids.elements().isEmpty()) {
                throw ids.invalid("must have the ids of the token");
            }
            List<Integer> side = text ? after : before;
            ids.elements().forEach(id -> side.add(id.number()));
        }
        if (!text) {
            throw field.get("single").invalid("has no Sequence, which is the text");
        }
        return new PostProcessorField(before, after);
    }
}
