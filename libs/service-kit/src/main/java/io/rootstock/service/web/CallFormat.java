package io.rootstock.service.web;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Form of a call: its header {@code Content-Type}.
 *
 * @param messages encoding of its messages
 * @param stream whether request and response consist of enveloped messages
 */
record CallFormat(MessageFormat messages, boolean stream) {
    private static final Map<String, CallFormat> TYPES = Map.of(
            "application/json", new CallFormat(MessageFormat.JSON, false),
            "application/proto", new CallFormat(MessageFormat.PROTO, false),
            "application/connect+json", new CallFormat(MessageFormat.JSON, true),
            "application/connect+proto", new CallFormat(MessageFormat.PROTO, true));

    /** The content types of unary calls, and of streams. */
    static final String UNARY = "application/json, application/proto";

    static final String STREAM = "application/connect+json, application/connect+proto";

    /**
     * Finds the format of a content type; parameters such as {@code charset=utf-8} have no effect.
     *
     * @param contentType the header; null: none
     */
    static Optional<CallFormat> of(String contentType) {
        if (contentType == null) {
            return Optional.empty();
        }
        int end = contentType.indexOf(';');
        String type = end < 0 ? contentType : contentType.substring(0, end);
        return Optional.ofNullable(TYPES.get(type.strip().toLowerCase(Locale.ROOT)));
    }

    /** The content type of a response. */
    String contentType() {
        String name = messages.name().toLowerCase(Locale.ROOT);
        return stream ? "application/connect+" + name : "application/" + name;
    }
}
