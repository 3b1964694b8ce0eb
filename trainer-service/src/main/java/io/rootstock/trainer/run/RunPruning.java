package io.rootstock.trainer.run;

import io.rootstock.files.FileTree;
import io.rootstock.service.Pruning;
import io.rootstock.storage.v1.PrunedGroup;
import io.rootstock.trainer.v1.RunState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files of ended runs that no resume needs: the checkpoints of succeeded runs, and the work directories of all ended
 * runs. The age counts from the run's end.
 */
final class RunPruning {
    private final Pruning.Group checkpoints;
    private final Pruning.Group work;

    RunPruning(Pruning pruning) {
        checkpoints = pruning.group("checkpoints of succeeded jobs");
        work = pruning.group("work directories of ended jobs");
    }

    void add(RunHandle run) {
        synchronized (run) {
            RunState state = run.state().state();
            if (!RunRecord.isFinal(state)
                    || run.workerLives()
                    || !Files.exists(run.directory().path())) {
                return;
            }
            if (state == RunState.RUN_STATE_SUCCEEDED) {
                add(checkpoints, run.directory(), run.directory().checkpoints());
            }
            add(work, run.directory(), run.directory().work());
        }
    }

    List<PrunedGroup> groups() {
        return List.of(checkpoints.toMessage(), work.toMessage());
    }

    private static void add(Pruning.Group group, RunDirectory run, Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try {
            long bytes = ownBytes(directory);
            Instant ended = Files.getLastModifiedTime(run.state()).toInstant();
            group.add(run.runId(), bytes, ended, () -> {
                FileTree.delete(directory);
                return bytes;
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prune " + directory, e);
        }
    }

    /** Bytes of the files that have no other name; the others are hard links to artifacts. */
    private static long ownBytes(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .filter(file -> links(file) == 1)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static int links(Path file) {
        try {
            return (int) Files.getAttribute(file, "unix:nlink");
        } catch (UnsupportedOperationException _) {
            // Not a Unix file system: every file counts as its own.
            return 1;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
