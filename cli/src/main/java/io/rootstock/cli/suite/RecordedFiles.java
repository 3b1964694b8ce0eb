package io.rootstock.cli.suite;

import io.rootstock.evaluation.task.SuiteFiles;
import java.io.IOException;
import java.io.InputStream;
import java.util.SortedSet;
import java.util.TreeSet;

/** Files of a suite, with the paths that were opened: those that a reader needs. */
final class RecordedFiles implements SuiteFiles {
    private final SuiteFiles files;
    private final SortedSet<String> opened = new TreeSet<>();

    RecordedFiles(SuiteFiles files) {
        this.files = files;
    }

    @Override
    public boolean has(String path) {
        return files.has(path);
    }

    @Override
    public InputStream open(String path) throws IOException {
        opened.add(path);
        return files.open(path);
    }

    SortedSet<String> opened() {
        return new TreeSet<>(opened);
    }
}
