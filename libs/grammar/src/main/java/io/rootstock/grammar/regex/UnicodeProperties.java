package io.rootstock.grammar.regex;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The general categories of Unicode, by short name. */
final class UnicodeProperties {
    private static final Map<String, Set<Byte>> CATEGORIES = Map.ofEntries(
            Map.entry("Lu", Set.of(Character.UPPERCASE_LETTER)),
            Map.entry("Ll", Set.of(Character.LOWERCASE_LETTER)),
            Map.entry(
                    "L",
                    Set.of(
                            Character.UPPERCASE_LETTER,
                            Character.LOWERCASE_LETTER,
                            Character.TITLECASE_LETTER,
                            Character.MODIFIER_LETTER,
                            Character.OTHER_LETTER)),
            Map.entry(
                    "M",
                    Set.of(Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK)),
            Map.entry("Nd", Set.of(Character.DECIMAL_DIGIT_NUMBER)),
            Map.entry("N", Set.of(Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER)),
            Map.entry(
                    "P",
                    Set.of(
                            Character.CONNECTOR_PUNCTUATION,
                            Character.DASH_PUNCTUATION,
                            Character.START_PUNCTUATION,
                            Character.END_PUNCTUATION,
                            Character.INITIAL_QUOTE_PUNCTUATION,
                            Character.FINAL_QUOTE_PUNCTUATION,
                            Character.OTHER_PUNCTUATION)),
            Map.entry(
                    "S",
                    Set.of(
                            Character.MATH_SYMBOL,
                            Character.CURRENCY_SYMBOL,
                            Character.MODIFIER_SYMBOL,
                            Character.OTHER_SYMBOL)),
            Map.entry("Z", Set.of(Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR)));

    private static final Map<String, CodePoints> SETS = new ConcurrentHashMap<>();

    private UnicodeProperties() {}

    static Optional<CodePoints> of(String name) {
        Set<Byte> categories = CATEGORIES.get(name);
        return categories == null
                ? Optional.empty()
                : Optional.of(SETS.computeIfAbsent(
                        name, _ -> CodePoints.where(c -> categories.contains((byte) Character.getType(c)))));
    }
}
