package io.rootstock.cli.demo;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A public top-level type with its documentation.
 *
 * @param module module, for example java.base; empty outside a JDK
 * @param packageName package, for example java.util
 * @param name simple name
 * @param comments paragraphs of each comment of the type and its visible members, in source order
 */
record DocumentedType(String module, String packageName, String name, List<List<String>> comments) {
    /** All distinct paragraphs, one per line. */
    String text() {
        return comments.stream().flatMap(List::stream).distinct().collect(Collectors.joining("\n"));
    }

    String qualifiedName() {
        return packageName + "." + name;
    }
}
