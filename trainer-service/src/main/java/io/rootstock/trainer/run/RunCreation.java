package io.rootstock.trainer.run;

import io.rootstock.files.AtomicDirectory;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.v1.RunCheckpoint;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunMessage;
import io.rootstock.trainer.v1.StartRunRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/** Writes the directories of new runs. */
final class RunCreation {
    private RunCreation() {}

    /**
     * Writes a run's directory, whole or not at all.
     *
     * @param extended run whose training it continues; empty: none
     */
    static RunDirectory create(Path place, StartRunRequest request, Optional<RunHandle> extended) {
        try {
            AtomicDirectory.write(place, unfinished -> {
                RunDirectory directory = new RunDirectory(unfinished);
                directory.writeSpec(request.getSpec());
                if (extended.isPresent()) {
                    RunExtension.start(
                            extended.get().directory(),
                            extended.get().storedCheckpoints(),
                            directory,
                            request.getSpec().getExtendedStep());
                }
                if (request.getCheckpointsCount() > 0) {
                    restore(request, directory);
                }
                RunRecord.queued(System.currentTimeMillis())
                        .withLease(request.getLease())
                        .write(directory.state());
            });
            return new RunDirectory(place);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create the run folder " + place, e);
        }
    }

    /** Writes the settings and the stored checkpoints of a run that this service has lost. */
    private static void restore(StartRunRequest request, RunDirectory directory) {
        directory.writeResolved(
                request.getResolved().toBuilder().clearStartStep().build());
        try (EventLog events = EventLog.open(directory.events())) {
            for (RunCheckpoint checkpoint : request.getCheckpointsList().reversed()) {
                events.append(RunEvent.newBuilder().setCheckpoint(checkpoint));
            }
            events.append(RunEvent.newBuilder()
                    .setMessage(RunMessage.newBuilder()
                            .setText("the trainer had lost the run; it continues from the checkpoint of step "
                                    + request.getCheckpoints(0).getStep())));
        }
    }
}
