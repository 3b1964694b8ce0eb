package io.rootstock.evaluation.task.yaml;

import io.rootstock.evaluation.task.SuiteFiles;
import io.rootstock.yaml.InvalidFileException;
import io.rootstock.yaml.YamlReader;
import io.rootstock.yaml.YamlValue.Mapping;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** Reads YAML files of suites. */
public final class SuiteYaml {
    private static final Map<String, String> TAG_HINTS =
            Map.of("!function", "write the value as a Jinja template, or prepare the rows before the suite is created");

    private SuiteYaml() {}

    /**
     * Reads a file whose top value is a mapping.
     *
     * @throws InvalidFileException with file and line, if the file is missing, too large or not in the subset
     */
    public static Mapping read(SuiteFiles files, String path) {
        if (!files.has(path)) {
            throw new InvalidFileException(path, 0, "file not found in the suite", "add the file to the suite");
        }
        try (InputStream in = files.open(path)) {
            return YamlReader.read(path, in, TAG_HINTS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
