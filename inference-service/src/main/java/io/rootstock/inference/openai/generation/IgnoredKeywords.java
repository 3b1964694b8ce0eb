package io.rootstock.inference.openai.generation;

import io.rootstock.grammar.RelaxedGrammar;
import io.rootstock.inference.v1.IgnoredKeyword;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The warning of a response whose schema has unsupported keywords, as the value of a header. */
public final class IgnoredKeywords {
    private static final int MAX_LISTED = RelaxedGrammar.MAX_LISTED;
    private static final int MAX_POINTER_LENGTH = 120;

    private IgnoredKeywords() {}

    /**
     * A warning such as {@code ignored schema keywords: tools[0].function.parameters#/properties/link/format}; empty
     * without ignored keywords. At most {@value #MAX_LISTED} are listed.
     *
     * @param names returns the request's name of a field of the contract
     */
    public static Optional<String> warning(List<IgnoredKeyword> ignored, UnaryOperator<String> names) {
        if (ignored.isEmpty()) {
            return Optional.empty();
        }
        String listed = ignored.stream()
                .limit(MAX_LISTED)
                .map(keyword -> names.apply(keyword.getField()) + "#" + fragment(keyword.getPointer()))
                .collect(Collectors.joining(", "));
        return Optional.of("ignored schema keywords: " + listed
                + (ignored.size() < MAX_LISTED ? "" : "; at most " + MAX_LISTED + " are listed"));
    }

    /** The pointer as the fragment of a URI, which a header may contain; a long one is cut. */
    private static String fragment(String pointer) {
        StringBuilder text = new StringBuilder();
        for (byte one : pointer.getBytes(StandardCharsets.UTF_8)) {
            int c = one & 0xff;
            boolean plain = c > ' ' && c <= '~' && c != '%' && c != ',';
            text.append(plain ? Character.toString(c) : String.format(Locale.ROOT, "%%%02X", c));
            if (text.length() >= MAX_POINTER_LENGTH) {
                return text.append("...").toString();
            }
        }
        return text.toString();
    }
}
