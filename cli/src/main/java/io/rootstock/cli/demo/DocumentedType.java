package io.rootstock.cli.demo;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A public top-level type with its documentation.
 *
 * @param module module, for example java.base; empty outside a JDK
 * @param packageName package, for example java.util
 * @param name simple name
 * @param comments the comments of the type and its visible members, in source order
 */
record DocumentedType(String module, String packageName, String name, List<Comment> comments) {

    /**
     * A documentation comment.
     *
     * @param signature method signature, for example {@code int List.size()}; empty for types, fields and constructors
     * @param paragraphs paragraphs of the description
     */
    record Comment(String signature, List<String> paragraphs) {

        /** The first sentence of the description. */
        String summary() {
            return Prose.sentences(paragraphs.getFirst()).getFirst();
        }
    }

    /** All distinct paragraphs, one per line. */
    String text() {
        return comments.stream()
                .flatMap(comment -> comment.paragraphs().stream())
                .distinct()
                .collect(Collectors.joining("\n"));
    }

    String qualifiedName() {
        return packageName + "." + name;
    }
}
