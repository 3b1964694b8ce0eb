package io.rootstock.grammar;

import io.rootstock.grammar.schema.UnsupportedKeywords;
import java.util.List;

/**
 * The grammar of a JSON Schema without its unsupported keywords.
 *
 * @param grammar grammar in GBNF
 * @param ignored JSON pointers of ignored keywords, such as {@code /properties/link/format}; at most
 *     {@value #MAX_LISTED}
 */
public record RelaxedGrammar(String grammar, List<String> ignored) {
    /** Maximum number of listed keywords. */
    public static final int MAX_LISTED = UnsupportedKeywords.MAX_LISTED;

    public RelaxedGrammar {
        ignored = List.copyOf(ignored);
    }
}
