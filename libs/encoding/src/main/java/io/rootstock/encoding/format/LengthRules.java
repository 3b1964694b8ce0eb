package io.rootstock.encoding.format;

import java.util.Arrays;
import java.util.Set;

/**
 * {@code truncation} and {@code padding} of single texts.
 *
 * @param maximum maximum number of tokens, those of the post-processor included; {@link Integer#MAX_VALUE} for no
 *     truncation
 * @param keepsEnd whether truncation removes tokens from the beginning
 * @param length number of tokens to which texts are padded; 0 for none
 * @param multiple number of which the padded length is a multiple, at least 1
 * @param padsBefore whether padding is added before the tokens
 * @param padId id of the padding token
 */
record LengthRules(int maximum, boolean keepsEnd, int length, int multiple, boolean padsBefore, int padId) {
    private static final Set<String> TRUNCATION = Set.of("direction", "max_length", "strategy", "stride");
    private static final Set<String> PADDING =
            Set.of("strategy", "direction", "pad_to_multiple_of", "pad_id", "pad_type_id", "pad_token");

    static LengthRules read(JsonField truncation, JsonField padding) {
        int maximum = Integer.MAX_VALUE;
        boolean keepsEnd = false;
        if (!truncation.isNull()) {
            truncation.requireFields(TRUNCATION);
            String strategy = truncation.get("strategy").text();
            if (!strategy.equals("LongestFirst") && !strategy.equals("OnlyFirst")) {
                throw truncation.get("strategy").unsupported("LongestFirst, OnlyFirst");
            }
            maximum = truncation.get("max_length").number();
            keepsEnd = isLeft(truncation.get("direction"));
        }
        if (padding.isNull()) {
            return new LengthRules(maximum, keepsEnd, 0, 1, false, 0);
        }
        padding.requireFields(PADDING);
        JsonField strategy = padding.get("strategy");
        int length = strategy.get("Fixed").isNull() ? 0 : strategy.get("Fixed").number();
        if (length == 0 && !strategy.value().asText().equals("BatchLongest")) {
            throw strategy.unsupported("{\"Fixed\": number}, BatchLongest");
        }
        JsonField multiple = padding.get("pad_to_multiple_of");
        return new LengthRules(
                maximum,
                keepsEnd,
                length,
                multiple.isNull() ? 1 : Math.max(1, multiple.number()),
                isLeft(padding.get("direction")),
                padding.get("pad_id").number());
    }

    private static boolean isLeft(JsonField direction) {
        return switch (direction.text()) {
            case "Left" -> true;
            case "Right" -> false;
            default -> throw direction.unsupported("Left, Right");
        };
    }

    /** Returns the tokens of a text without those that do not fit beside {@code added} others. */
    int[] truncated(int[] ids, int added) {
        int most = Math.max(0, maximum - added);
        if (ids.length <= most) {
            return ids;
        }
        return keepsEnd ? Arrays.copyOfRange(ids, ids.length - most, ids.length) : Arrays.copyOf(ids, most);
    }

    /** Returns the tokens with padding. */
    int[] padded(int[] ids) {
        int target = Math.ceilDiv(Math.max(ids.length, length), multiple) * multiple;
        int[] padded = new int[target];
        Arrays.fill(padded, padId);
        System.arraycopy(ids, 0, padded, padsBefore ? target - ids.length : 0, ids.length);
        return padded;
    }
}
