package io.rootstock.cli.suite;

import io.rootstock.cli.display.Console;
import io.rootstock.cli.error.CliException;
import java.nio.file.Path;
import java.util.List;

/** Lists the row files that a suite names and that its folder does not have. */
public final class MissingRowFiles {
    private MissingRowFiles() {}

    /**
     * Prints the missing files, those of built-in suites with their origin.
     *
     * @param folder folder of the row files
     * @throws CliException if a file is missing
     */
    public static void require(LocalSuite local, Path folder, Console console) {
        List<String> missing = local.missingRowFiles();
        if (missing.isEmpty()) {
            return;
        }
        for (String path : missing) {
            String origin = RowFileOrigins.of(path);
            console.note("missing " + path + (origin.isEmpty() ? "" : "  " + origin));
        }
        throw new CliException(
                missing.size() == 1
                        ? "a row file of the suite is not in " + folder
                        : missing.size() + " row files of the suite are not in " + folder,
                "add the files under these names; docs/reference/task-files.md describes their fields");
    }
}
