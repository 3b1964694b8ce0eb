package io.rootstock.trainer.run;

import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.rootstock.files.AtomicFile;
import io.rootstock.trainer.v1.RunCheckpoint;
import io.rootstock.trainer.v1.RunCheckpoints;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Files in a run's directory. The spec is written once. The service writes {@code state.json}; the worker that holds
 * {@code worker.lock} writes all other files; both append to the event log.
 *
 * @param path the directory, named after the run
 */
public record RunDirectory(Path path) {
    private static final String EXTENDED_CHECKPOINTS = "extended-checkpoints.json";

    /** The run's id, which is the directory's name. */
    public String runId() {
        return path.getFileName().toString();
    }

    /**
     * Directory of a rank's event log, lock and outcome. Rank 0 uses the run's own directory. All ranks share spec,
     * plan and checkpoints.
     */
    public RunDirectory ofRank(int rank) {
        return rank == 0 ? this : new RunDirectory(path.resolve("ranks").resolve(Integer.toString(rank)));
    }

    /** The event log, to which service and worker append. */
    public Path events() {
        return path.resolve("events.log");
    }

    /** Directory of the run's checkpoints. */
    public Path checkpoints() {
        return path.resolve("checkpoints");
    }

    /** Directory of TensorBoard's event files. */
    public Path figures() {
        return path.resolve("tensorboard");
    }

    /** Lock file that a running worker holds. */
    public Path lock() {
        return path.resolve("worker.lock");
    }

    /** Standard output and standard error of the run's workers. */
    public Path workerErrors() {
        return path.resolve("worker.err");
    }

    /** The service's {@link RunRecord}. */
    public Path state() {
        return path.resolve("state.json");
    }

    /** {@link WorkerOutcome} of the last worker; missing if it crashed or was killed. */
    public Path outcome() {
        return path.resolve("outcome.json");
    }

    /** Memory of the run's next remote workers in bytes; missing until one ran out of memory. */
    public Path workerMemory() {
        return path.resolve("worker-memory");
    }

    /** {@link WorkerReports.Exit} of the last remote worker; missing until it has ended. */
    Path exit() {
        return path.resolve("exit.json");
    }

    /** Unpacked tokenizer, base and export; may be deleted while no worker runs. */
    public Path work() {
        return path.resolve("work");
    }

    /** Reads the spec of the request. */
    public RunSpec readSpec() {
        return read(path.resolve("spec.json"), RunSpec.newBuilder())
                .orElseThrow(() -> new IllegalStateException("no spec.json in " + path))
                .build();
    }

    public void writeSpec(RunSpec spec) {
        write(path.resolve("spec.json"), spec);
    }

    /** Settings that the run's first worker resolved; later workers use the same values. */
    public Optional<RunResolved> readResolved() {
        return read(path.resolve("resolved.json"), RunResolved.newBuilder()).map(RunResolved.Builder::build);
    }

    /** Writes the resolved settings. */
    public void writeResolved(RunResolved resolved) {
        write(path.resolve("resolved.json"), resolved);
    }

    /** Resolved settings of the run that this one extends; empty if it extends none. */
    public Optional<RunResolved> readExtended() {
        return read(path.resolve("extended.json"), RunResolved.newBuilder()).map(RunResolved.Builder::build);
    }

    /** Stored checkpoints of the run that this one extends, newest first. */
    public List<RunCheckpoint> readExtendedCheckpoints() {
        return read(path.resolve(EXTENDED_CHECKPOINTS), RunCheckpoints.newBuilder())
                .map(RunCheckpoints.Builder::getCheckpointsList)
                .orElse(List.of());
    }

    /** Writes the stored checkpoints of the run that this one extends. */
    void writeExtendedCheckpoints(List<RunCheckpoint> checkpoints) {
        write(
                path.resolve(EXTENDED_CHECKPOINTS),
                RunCheckpoints.newBuilder().addAllCheckpoints(checkpoints).build());
    }

    /** Writes the resolved settings of the run that this one extends. */
    public void writeExtended(RunResolved resolved) {
        write(path.resolve("extended.json"), resolved);
    }

    private static <B extends Message.Builder> Optional<B> read(Path file, B builder) {
        try {
            JsonFormat.parser().ignoringUnknownFields().merge(Files.readString(file), builder);
            return Optional.of(builder);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static void write(Path file, Message message) {
        try {
            AtomicFile.write(file, JsonFormat.printer().print(message));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
