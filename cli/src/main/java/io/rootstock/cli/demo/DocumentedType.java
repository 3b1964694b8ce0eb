package io.rootstock.cli.demo;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A public top-level type with its documentation.
 *
 * @param module module, such as java.base; empty outside a JDK
 * @param packageName package, such as java.util
 * @param name simple name
 * @param comments the comments of the type and its visible members, in source order
 */
record DocumentedType(String module, String packageName, String name, List<Comment> comments) {

    /**
     * One comment.
     *
     * @param signature the method's, such as {@code int List.size()}; empty for types, fields and constructors
     * @param paragraphs what its description says
     */
    record Comment(String signature, List<String> paragraphs) {

        /** The first sentence. */
        String summary() {
            return Prose.sentences(paragraphs.getFirst()).getFirst();
        }
    }

    /** All its prose, one line a paragraph; what is said again and again is said once. */
    String text() {
        return comments.stream()
                .flatMap(comment -> comment.paragraphs().stream())
                .distinct()
                .collect(Collectors.joining("\n"));
    }

    /** Its qualified name. */
    String qualifiedName() {
        return packageName + "." + name;
    }
}
