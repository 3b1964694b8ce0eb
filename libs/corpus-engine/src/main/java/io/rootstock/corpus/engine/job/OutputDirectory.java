package io.rootstock.corpus.engine.job;

import io.rootstock.files.Fsync;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A directory of the workspace with result files of tasks.
 *
 * @param workspace work directory
 * @param name name of the directory
 */
public record OutputDirectory(Path workspace, String name) {
    /**
     * Deletes the files that an earlier specification had, and makes the others durable.
     *
     * @param paths paths of the result files in the workspace, all in this directory
     */
    public void keepOnly(Set<String> paths) throws IOException {
        Path directory = workspace.resolve(name);
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (!paths.contains(name + "/" + file.getFileName())) {
                    Files.deleteIfExists(file);
                }
            }
        }
        for (String path : paths) {
            try (FileChannel channel = FileChannel.open(workspace.resolve(path), StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }
        Fsync.directory(directory);
    }
}
