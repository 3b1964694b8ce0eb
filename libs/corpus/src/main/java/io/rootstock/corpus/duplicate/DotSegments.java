package io.rootstock.corpus.duplicate;

import java.util.ArrayList;
import java.util.List;

/** Resolution of {@code .} and {@code ..} in paths (RFC 3986, section 5.2.4). */
final class DotSegments {
    private DotSegments() {}

    /** Resolves a path that begins with a slash. */
    static String resolve(String path) {
        if (!path.contains("/.")) {
            return path;
        }
        List<String> segments = new ArrayList<>();
        String[] parts = path.substring(1).split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            boolean dots = parts[i].equals(".") || parts[i].equals("..");
            if (parts[i].equals("..") && !segments.isEmpty()) {
                segments.removeLast();
            }
            if (!dots) {
                segments.add(parts[i]);
            } else if (i + 1 == parts.length) {
                segments.add("");
            }
        }
        return "/" + String.join("/", segments);
    }
}
