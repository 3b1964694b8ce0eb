package io.rootstock.cli.demo;

import java.util.List;

/** Pre-training documents, one per type, grouped by source. */
final class PretrainingRows {
    /**
     * @param name name of the source
     * @param weight sampling weight
     */
    record Source(String name, double weight) {}

    /** Sources and their weights; java.base has the cleanest text. */
    static final List<Source> SOURCES = List.of(
            new Source("java.base", 0.5),
            new Source("java.desktop", 0.2),
            new Source("java.others", 0.15),
            new Source("jdk.tools", 0.15));

    private static final int MIN_LENGTH = 200;

    private PretrainingRows() {}

    /** The source of the types of a module. */
    static String sourceOf(String module) {
        return switch (module) {
            case "java.base", "" -> "java.base";
            case "java.desktop" -> "java.desktop";
            default -> module.startsWith("java.") ? "java.others" : "jdk.tools";
        };
    }

    /** Whether the text of a type is long enough for a document. */
    static boolean isDocument(DocumentedType type) {
        return type.text().length() >= MIN_LENGTH;
    }
}
