package io.rootstock.cli.demo;

import java.util.List;

/** Documents for pre-training, one a type, in the sources of the mixture. */
final class PretrainingRows {
    /**
     * A source of the mixture.
     *
     * @param name its name
     * @param weight its sampling weight
     */
    record Source(String name, double weight) {}

    /** The mixture: most weight to the core library, whose prose is the cleanest. */
    static final List<Source> SOURCES = List.of(
            new Source("java.base", 0.5),
            new Source("java.desktop", 0.2),
            new Source("java.others", 0.15),
            new Source("jdk.tools", 0.15));

    private static final int SHORTEST = 200;

    private PretrainingRows() {}

    /** The source that a module's types belong to. */
    static String sourceOf(String module) {
        return switch (module) {
            case "java.base", "" -> "java.base";
            case "java.desktop" -> "java.desktop";
            default -> module.startsWith("java.") ? "java.others" : "jdk.tools";
        };
    }

    /** True where a type says enough to be a document. */
    static boolean isDocument(DocumentedType type) {
        return type.text().length() >= SHORTEST;
    }
}
