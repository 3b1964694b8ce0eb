package io.rootstock.evaluation.task.yaml;

import io.rootstock.yaml.YamlText;
import java.util.ArrayDeque;
import java.util.Deque;

/** Relative paths of files inside a suite. */
public final class SuitePaths {
    private static final int MAX_LENGTH = 500;

    private SuitePaths() {}

    /**
     * Resolves a path against a folder of the suite.
     *
     * @param folder folder as a normalized path, empty for the suite's root
     * @throws io.rootstock.yaml.InvalidFileException if the path leaves the suite
     */
    public static String resolve(String folder, YamlText path) {
        String text = path.text();
        if (text.isEmpty() || text.length() > MAX_LENGTH || text.chars().anyMatch(c -> c < ' ')) {
            throw path.error("invalid path '" + text + "'", "write a relative path inside the suite");
        }
        if (text.startsWith("/") || text.contains("\\") || text.contains("://") || text.matches("[A-Za-z]:.*")) {
            throw path.error(
                    "path '" + text + "' is not inside the suite",
                    "copy the file into the suite and write its relative path");
        }
        Deque<String> parts = new ArrayDeque<>();
        for (String part : (folder.isEmpty() ? text : folder + "/" + text).split("/", -1)) {
            switch (part) {
                case "", "." -> {}
                case ".." -> {
                    if (parts.pollLast() == null) {
                        throw path.error("path '" + text + "' leaves the suite", "copy the file into the suite");
                    }
                }
                default -> parts.addLast(part);
            }
        }
        if (parts.isEmpty()) {
            throw path.error("invalid path '" + text + "'", "write a relative path inside the suite");
        }
        return String.join("/", parts);
    }

    /** Folder of a normalized path; empty for a file in the suite's root. */
    static String folder(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }
}
