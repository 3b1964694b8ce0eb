package io.rootstock.trainer.pod;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.files.AtomicFile;
import io.rootstock.files.FileTree;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.checkpoint.StoredCheckpoints;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.v1.AttachRunWorkerResponse;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Creates the directory of a run on this machine from the answer of the trainer. */
final class LocalRun {
    private LocalRun() {}

    /** Creates the directory with the run's settings; deletes an earlier one. */
    static RunDirectory create(Path parent, String run, AttachRunWorkerResponse attached) {
        RunDirectory directory = new RunDirectory(parent.resolve(run));
        try {
            FileTree.createEmpty(directory.path());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + directory.path(), e);
        }
        directory.writeSpec(attached.getSpec());
        if (attached.hasResolved()) {
            directory.writeResolved(attached.getResolved());
        }
        if (attached.hasExtended()) {
            directory.writeExtended(attached.getExtended());
        }
        return directory;
    }

    /** Writes the device price table; returns its file. */
    static Path writeDeviceTable(Path home, String text) {
        Path file = home.resolve("devices");
        try {
            AtomicFile.write(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        return file;
    }

    /**
     * Fetches the newest checkpoint of the run, or of the run that it extends. Unusable ones are reported as events.
     *
     * @throws io.rootstock.artifacts.UnreadableArtifactException if the store cannot be reached; the call can be repeated
     */
    static void fetchCheckpoints(ArtifactStore store, RunDirectory directory, AttachRunWorkerResponse attached) {
        try (EventLog events = EventLog.open(directory.events())) {
            OptionalLong _ = StoredCheckpoints.fetch(
                    store, attached.getCheckpointsList(), directory.checkpoints(), text -> message(events, text));
            if (attached.getCheckpointsCount() > 0 || attached.getExtendedCheckpointsCount() == 0) {
                return;
            }
            Path extended = directory.path().resolve("extended");
            OptionalLong _ = StoredCheckpoints.fetch(
                    store, attached.getExtendedCheckpointsList(), extended, text -> message(events, text));
            OptionalLong _ = new Checkpoints(directory.checkpoints()).addNewestOf(new Checkpoints(extended), 0);
            FileTree.delete(extended);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write checkpoints to " + directory.path(), e);
        }
    }

    private static void message(EventLog events, String text) {
        events.append(RunEvent.newBuilder().setMessage(RunMessage.newBuilder().setText(text)));
    }
}
