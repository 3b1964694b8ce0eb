package io.rootstock.encoding.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Temporary files with sorted word counts. Many files are summed into one, so that few are open at once. */
final class SpilledRuns implements AutoCloseable {
    private static final int MAX_FILES = 64;

    private final Path directory;
    private final List<Path> files = new ArrayList<>();
    private final List<InputStream> open = new ArrayList<>();

    /**
     * @param directory existing directory for the files
     */
    SpilledRuns(Path directory) {
        this.directory = directory;
    }

    boolean isEmpty() {
        return files.isEmpty();
    }

    /** Writes words in ascending order to a new file. */
    void write(Iterator<WordCount> words) {
        if (files.size() == MAX_FILES) {
            List<Path> summed = List.copyOf(files);
            Path sum = create(WordRuns.sum(open()));
            closeStreams();
            summed.forEach(SpilledRuns::delete);
            files.clear();
            files.add(sum);
        }
        files.add(create(words));
    }

    /** Opens all files, until {@link #close}. */
    List<Iterator<WordCount>> open() {
        closeStreams();
        List<Iterator<WordCount>> runs = new ArrayList<>();
        for (Path file : files) {
            try {
                InputStream input = Files.newInputStream(file);
                open.add(input);
                runs.add(WordRun.read(input));
            } catch (IOException e) {
                throw new WordCountException("cannot read the temporary file " + file + ": " + e.getMessage(), e);
            }
        }
        return runs;
    }

    private Path create(Iterator<WordCount> words) {
        Path file = null;
        try {
            file = Files.createTempFile(directory, "word-counts-", ".run");
            try (OutputStream output = Files.newOutputStream(file)) {
                WordRun.write(words, output);
            }
            return file;
        } catch (IOException e) {
            if (file != null) {
                delete(file);
            }
            throw new WordCountException(
                    "cannot write word counts to " + directory + " (" + e.getMessage()
                            + "); free disk space, or raise the number of words in memory",
                    e);
        }
    }

    private void closeStreams() {
        for (InputStream input : open) {
            try {
                input.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        open.clear();
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closeStreams();
        files.forEach(SpilledRuns::delete);
        files.clear();
    }
}
