package io.rootstock.trainer.checkpoint;

import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Writes checkpoints from snapshots in memory while training goes on; training waits for the copy alone. One is written
 * at a time. One caller at a time; the listener is told by the writing thread.
 */
public final class BackgroundCheckpoints implements AutoCloseable {
    private final Checkpoints checkpoints;
    private final int kept;
    private final Listener listener;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("checkpoints").factory());
    /** Freed by the last reference: a snapshot that is no longer needed may still be on its way to the disk. */
    private final Map<String, MemorySegment> snapshot = new HashMap<>();

    private Future<?> inFlight = writer.submit(() -> {});
    private volatile OptionalLong newest = OptionalLong.empty();

    /** Is told how each checkpoint ended. */
    public interface Listener {
        /** The checkpoint is safely on disk. */
        void written(TrainingState state, long bytes);

        /** The checkpoint could not be written; those from before are still there. */
        void failed(TrainingState state, UncheckedIOException reason);
    }

    /**
     * Writes into these checkpoints.
     *
     * @param kept newest checkpoints that are kept
     */
    public BackgroundCheckpoints(Checkpoints checkpoints, int kept, Listener listener) {
        this.checkpoints = checkpoints;
        this.kept = kept;
        this.listener = listener;
    }

    /** Whether the last checkpoint has ended, so that another would not have to wait. */
    public boolean isIdle() {
        return inFlight.isDone();
    }

    /** Takes a snapshot and has it written, after the one that is being written. */
    public void write(TrainingState state, Map<String, MemorySegment> tensors) {
        await();
        snapshot.keySet().retainAll(tensors.keySet());
        tensors.forEach(this::copy);
        Map<String, MemorySegment> copies = Map.copyOf(snapshot);
        inFlight = writer.submit(() -> writeNow(state, copies));
    }

    /** Waits until nothing is being written; returns the step of the last checkpoint that this wrote. */
    public OptionalLong await() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    inFlight.get();
                    return newest;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IllegalStateException("writing a checkpoint failed", e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits for the last checkpoint. */
    @Override
    public void close() {
        writer.close();
    }

    private void copy(String name, MemorySegment memory) {
        MemorySegment known = snapshot.get(name);
        MemorySegment copy = known != null && known.byteSize() == memory.byteSize()
                ? known
                : Arena.ofAuto().allocate(memory.byteSize(), Long.BYTES);
        snapshot.put(name, copy.copyFrom(memory));
    }

    private void writeNow(TrainingState state, Map<String, MemorySegment> copies) {
        long bytes;
        try {
            bytes = checkpoints.write(state, copies, kept);
        } catch (UncheckedIOException e) {
            listener.failed(state, e);
            return;
        }
        newest = OptionalLong.of(state.step());
        listener.written(state, bytes);
    }
}
