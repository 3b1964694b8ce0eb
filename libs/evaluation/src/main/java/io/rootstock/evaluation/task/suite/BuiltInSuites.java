package io.rootstock.evaluation.task.suite;

import io.rootstock.evaluation.task.SuiteFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;

/** Suites whose task files are resources of this library. Their row files come from a folder of the user. */
public final class BuiltInSuites {
    private static final List<String> NAMES = List.of("abilities", "base", "classifier", "emergence", "instruct");

    private BuiltInSuites() {}

    /** Names of the suites. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * Reads a suite.
     *
     * @param name one of {@link #names}
     * @param rows row files under the names that the suite's {@code suite.yaml} states
     * @throws IllegalArgumentException if the suite does not exist
     */
    public static Suite read(String name, SuiteFiles rows) {
        return SuiteReader.read(files(name, rows));
    }

    /** Returns the task files of a suite together with row files. */
    public static SuiteFiles files(String name, SuiteFiles rows) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException(
                    "unknown suite '" + name + "'; known suites: " + String.join(", ", NAMES));
        }
        return new WithResources(name, rows);
    }

    private record WithResources(String name, SuiteFiles rows) implements SuiteFiles {
        @Override
        public boolean has(String path) {
            return isTaskFile(path) ? BuiltInSuites.class.getResource(name + "/" + path) != null : rows.has(path);
        }

        @Override
        public InputStream open(String path) throws IOException {
            if (!isTaskFile(path)) {
                return rows.open(path);
            }
            InputStream resource = BuiltInSuites.class.getResourceAsStream(name + "/" + path);
            if (resource == null) {
                throw new NoSuchFileException(path);
            }
            return resource;
        }

        private static boolean isTaskFile(String path) {
            return path.endsWith(".yaml") && path.indexOf('/') < 0;
        }
    }
}
