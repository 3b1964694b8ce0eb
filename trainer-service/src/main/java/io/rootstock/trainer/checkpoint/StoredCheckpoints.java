package io.rootstock.trainer.checkpoint;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.CorruptArtifactException;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.artifacts.UnreadableArtifactException;
import io.rootstock.trainer.v1.RunCheckpoint;
import io.rootstock.trainer.v1.RunEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Checkpoints in the artifact store: directories of {@link Checkpoints}, by digest. */
public final class StoredCheckpoints {
    private StoredCheckpoints() {}

    /**
     * Returns the stored checkpoints of a run that are not superseded, newest first: the newest ones, and the one with the best
     * validation.
     *
     * @param events events of the run; a later event of a step replaces an earlier one
     * @param kept number of newest checkpoints that are kept, at least 1
     */
    public static List<RunCheckpoint> of(List<RunEvent> events, int kept) {
        TreeMap<Long, RunCheckpoint> stored = new TreeMap<>();
        for (RunEvent event : events) {
            if (!event.getCheckpoint().getDigest().isEmpty()) {
                stored.put(event.getCheckpoint().getStep(), event.getCheckpoint());
            }
        }
        List<RunCheckpoint> newest = List.copyOf(stored.descendingMap().values());
        long best = newest.stream()
                .filter(RunCheckpoint::getBest)
                .mapToLong(RunCheckpoint::getStep)
                .findFirst()
                .orElse(-1);
        List<RunCheckpoint> first = newest.subList(0, Math.min(Math.max(1, kept), newest.size()));
        return newest.stream()
                .filter(checkpoint -> first.contains(checkpoint) || checkpoint.getStep() == best)
                .toList();
    }

    /**
     * Creates the newest readable checkpoint, and the one with the best validation, in a directory of {@link Checkpoints}.
     *
     * @param checkpoints newest first
     * @param report receives a message for each checkpoint that is missing or corrupt
     * @return step of the newest readable one; empty if there is none
     * @throws UnreadableArtifactException if the store cannot be reached; the call can be repeated
     */
    public static OptionalLong fetch(
            ArtifactStore store, List<RunCheckpoint> checkpoints, Path directory, Consumer<String> report) {
        OptionalLong newest = OptionalLong.empty();
        for (RunCheckpoint checkpoint : checkpoints) {
            if (newest.isPresent() && !checkpoint.getBest()) {
                continue;
            }
            try {
                Path _ = store.materialize(
                        Digest.parse(checkpoint.getDigest()), Checkpoints.place(directory, checkpoint.getStep()));
                newest = newest.isPresent() ? newest : OptionalLong.of(checkpoint.getStep());
            } catch (NoSuchArtifactException | CorruptArtifactException e) {
                report.accept("the stored checkpoint of step " + checkpoint.getStep() + " cannot be used ("
                        + e.getMessage() + "); going back to the one before");
            }
        }
        return newest;
    }
}
