package io.rootstock.trainer.run;

import io.rootstock.files.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Markers of the runs that this data directory has accepted and not deleted, one empty file each, apart from the runs'
 * directories. A run with a marker and without a directory is lost. A run without a marker is unknown: it may exist in
 * another data directory.
 *
 * @param folder directory of the markers
 */
record AcceptedRuns(Path folder) {
    /** Creates the directory of the markers if it is missing. */
    AcceptedRuns {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + folder, e);
        }
    }

    /** Marks a run durably; without effect if it is marked. */
    void add(String runId) {
        if (!contains(runId)) {
            try {
                AtomicFile.write(folder.resolve(runId), "");
            } catch (IOException e) {
                throw new UncheckedIOException("cannot mark the run " + runId, e);
            }
        }
    }

    boolean contains(String runId) {
        return Files.exists(folder.resolve(runId));
    }

    void remove(String runId) {
        try {
            Files.deleteIfExists(folder.resolve(runId));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the mark of the run " + runId, e);
        }
    }
}
