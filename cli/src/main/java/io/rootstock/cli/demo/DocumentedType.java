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
     * @param prose what it says
     */
    record Comment(String signature, Prose.Comment prose) {}

    /** All prose, comments set apart by an empty line. */
    String text() {
        return comments.stream().map(comment -> comment.prose().text()).collect(Collectors.joining("\n\n"));
    }

    /** Its qualified name. */
    String qualifiedName() {
        return packageName + "." + name;
    }
}
