package io.rootstock.grammar;

import java.util.List;

/**
 * The grammar of a JSON Schema without its unsupported keywords.
 *
 * @param grammar grammar in GBNF
 * @param ignored JSON pointers of ignored keywords, such as {@code /properties/link/format}; at most 20
 * @param more whether more keywords were ignored
 */
public record RelaxedGrammar(String grammar, List<String> ignored, boolean more) {
    public RelaxedGrammar {
        ignored = List.copyOf(ignored);
    }
}
