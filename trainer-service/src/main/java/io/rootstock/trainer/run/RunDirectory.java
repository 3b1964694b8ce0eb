package io.rootstock.trainer.run;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where things lie in a run's folder. The spec is written once; {@code state.json} belongs to the service; everything
 * else to the worker that holds {@code worker.lock}, save for the event log, which both append to.
 *
 * @param path the folder, named after the run
 */
public record RunDirectory(Path path) {
    /** Id of the run. */
    public String runId() {
        return path.getFileName().toString();
    }

    /**
     * Where a process of several keeps its own log, lock and outcome; the first has the run's own folder. Spec, plan and
     * checkpoints are the run's.
     */
    public RunDirectory ofRank(int rank) {
        return rank == 0 ? this : new RunDirectory(path.resolve("ranks").resolve(Integer.toString(rank)));
    }

    /** The event log. */
    public Path events() {
        return path.resolve("events.log");
    }

    /** Folder of the checkpoints. */
    public Path checkpoints() {
        return path.resolve("checkpoints");
    }

    /** Folder of the figures for TensorBoard. */
    public Path figures() {
        return path.resolve("tensorboard");
    }

    /** Held by a live worker. */
    public Path lock() {
        return path.resolve("worker.lock");
    }

    /** What a worker printed on standard error. */
    public Path workerErrors() {
        return path.resolve("worker.err");
    }

    /** The service's record of the run. */
    public Path state() {
        return path.resolve("state.json");
    }

    /** Written by a worker that ended of its own accord. */
    public Path outcome() {
        return path.resolve("outcome.json");
    }

    /** Unpacked tokenizer, base and export; may be removed when no worker lives. */
    public Path work() {
        return path.resolve("work");
    }

    /** The spec as it was given. */
    public RunSpec readSpec() {
        return read(path.resolve("spec.json"), RunSpec.newBuilder())
                .orElseThrow(() -> new IllegalStateException("no spec.json in " + path))
                .build();
    }

    /** Writes the spec. */
    public void writeSpec(RunSpec spec) {
        write(path.resolve("spec.json"), spec);
    }

    /** What auto became when the run's first worker started; a later worker goes on with it. */
    public Optional<RunResolved> readResolved() {
        return read(path.resolve("resolved.json"), RunResolved.newBuilder()).map(RunResolved.Builder::build);
    }

    /** Writes what auto became. */
    public void writeResolved(RunResolved resolved) {
        write(path.resolve("resolved.json"), resolved);
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
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
