package io.rootstock.evaluation.task.yaml;

import io.rootstock.evaluation.task.SuiteFiles;
import io.rootstock.evaluation.task.TaskLimits;
import io.rootstock.yaml.Settings;
import io.rootstock.yaml.YamlText;
import io.rootstock.yaml.YamlValue.Entry;
import io.rootstock.yaml.YamlValue.Mapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Merges {@code include}d task files: later files replace keys of earlier ones, and the including file replaces both. */
final class Includes {
    private final SuiteFiles files;
    private int read;

    private Includes(SuiteFiles files) {
        this.files = files;
    }

    /**
     * Reads a file and merges its includes.
     *
     * @throws io.rootstock.yaml.InvalidFileException if a file is missing or includes itself, or the chain is too long
     */
    static Mapping read(SuiteFiles files, String path) {
        return new Includes(files).merged(path, List.of(path), Optional.empty());
    }

    private Mapping merged(String path, List<String> chain, Optional<YamlText> include) {
        if (include.isPresent() && !files.has(path)) {
            throw include.get()
                    .error("included file '" + path + "' is not in the suite", "add the file, or correct its name");
        }
        Mapping own = SuiteYaml.read(files, path);
        Settings settings = new Settings("", own);
        Optional<List<YamlText>> includes = settings.texts("include", true);
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (YamlText included : includes.orElse(List.of())) {
            String next = SuitePaths.resolve(SuitePaths.folder(path), included);
            if (chain.contains(next)) {
                throw included.error("file '" + next + "' includes itself", "remove the include");
            }
            if (chain.size() >= TaskLimits.INCLUDE_DEPTH || ++read > 100) {
                throw included.error(
                        "includes are nested deeper than " + TaskLimits.INCLUDE_DEPTH, "merge the included files");
            }
            List<String> longer = new ArrayList<>(chain);
            longer.add(next);
            entries.putAll(merged(next, longer, Optional.of(included)).entries());
        }
        entries.putAll(own.entries());
        entries.remove("include");
        return new Mapping(entries, own.file(), own.line());
    }
}
