package io.rootstock.trainer.pod;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.UnreadableArtifactException;
import io.rootstock.files.FileTree;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.v1.RunCheckpoint;
import io.rootstock.trainer.v1.RunEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/**
 * Stores checkpoints as artifacts. The files are linked before the upload, because the worker removes superseded checkpoints
 * while it trains. Of several checkpoints that wait, the newest and the best are stored.
 */
final class CheckpointUploads {
    private static final int REMEMBERED = 1000;

    private final ArtifactStore store;
    private final RunDirectory directory;
    private final Path links;
    /** Digests by step, for events that are reported again. */
    private final TreeMap<Long, String> digests = new TreeMap<>();

    CheckpointUploads(ArtifactStore store, RunDirectory directory) {
        this.store = store;
        this.directory = directory;
        this.links = directory.path().resolve("uploads");
    }

    /** Records a checkpoint that is in the store already. */
    void known(RunCheckpoint checkpoint) {
        remember(checkpoint.getStep(), checkpoint.getDigest());
    }

    /** Links the newest and the best checkpoint of new events; earlier ones are superseded. */
    void link(List<RunEvent> events) {
        List<RunCheckpoint> written = events.stream()
                .filter(RunEvent::hasCheckpoint)
                .map(RunEvent::getCheckpoint)
                .toList();
        if (written.isEmpty()) {
            return;
        }
        link(written.getLast().getStep());
        written.stream()
                .filter(RunCheckpoint::getBest)
                .reduce((first, second) -> second)
                .ifPresent(best -> link(best.getStep()));
    }

    /** Whether {@link #store} would upload a checkpoint. */
    boolean isPending(RunCheckpoint checkpoint) {
        return !digests.containsKey(checkpoint.getStep()) && Files.isDirectory(place(checkpoint.getStep()));
    }

    /**
     * Stores a linked checkpoint; returns it with its digest, or unchanged if it is superseded.
     *
     * @throws UnreadableArtifactException if the store cannot be reached; the call can be repeated
     */
    RunCheckpoint store(RunCheckpoint checkpoint) {
        Path place = place(checkpoint.getStep());
        String digest = digests.get(checkpoint.getStep());
        if (digest == null && Files.isDirectory(place)) {
            digest = store.putDirectory(place).value();
            remember(checkpoint.getStep(), digest);
            FileTree.delete(place);
        }
        return digest == null
                ? checkpoint
                : checkpoint.toBuilder().setDigest(digest).build();
    }

    private void remember(long step, String digest) {
        digests.put(step, digest);
        if (digests.size() > REMEMBERED) {
            digests.pollFirstEntry();
        }
    }

    private Path place(long step) {
        return Checkpoints.place(links, step);
    }

    private void link(long step) {
        Path place = place(step);
        if (digests.containsKey(step) || Files.isDirectory(place)) {
            return;
        }
        Path unfinished = links.resolve(".unfinished");
        try {
            FileTree.createEmpty(unfinished);
            try (DirectoryStream<Path> files =
                    Files.newDirectoryStream(Checkpoints.place(directory.checkpoints(), step))) {
                for (Path file : files) {
                    FileTree.linkOrCopy(file, unfinished.resolve(file.getFileName()));
                }
            }
            if (Checkpoints.isComplete(unfinished)) {
                Files.move(unfinished, place);
            } else {
                FileTree.delete(unfinished);
            }
        } catch (NoSuchFileException superseded) {
            FileTree.delete(unfinished);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot link the checkpoint of step " + step, e);
        }
    }
}
