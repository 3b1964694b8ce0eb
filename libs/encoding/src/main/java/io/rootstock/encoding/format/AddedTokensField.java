package io.rootstock.encoding.format;

import io.rootstock.encoding.SpecialToken;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code added_tokens}: tokens that are searched in text as they are. */
final class AddedTokensField {
    private static final Set<String> FIELDS =
            Set.of("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");

    private AddedTokensField() {}

    /**
     * Returns the tokens in id order.
     *
     * @param normalizes whether the file has a normalizer
     */
    static List<SpecialToken> read(JsonField field, boolean normalizes) {
        List<SpecialToken> tokens = new ArrayList<>();
        Set<Integer> ids = new HashSet<>();
        Set<String> contents = new HashSet<>();
        for (JsonField element : field.elements()) {
            element.requireFields(FIELDS);
            element.get("single_word").require(false);
            element.get("lstrip").require(false);
            element.get("rstrip").require(false);
            if (normalizes) {
                element.get("normalized").require(false);
            }
            String content = element.get("content").text();
            int id = element.get("id").number();
            if (content.isEmpty() || id < 0) {
                throw element.invalid("needs a content and an id of at least 0");
            }
            if (!ids.add(id) || !contents.add(content)) {
                throw element.invalid("has the id or content of another added token");
            }
            tokens.add(new SpecialToken(content, id, element.get("special").bool(true)));
        }
        tokens.sort(Comparator.comparingInt(SpecialToken::id));
        return List.copyOf(tokens);
    }
}
