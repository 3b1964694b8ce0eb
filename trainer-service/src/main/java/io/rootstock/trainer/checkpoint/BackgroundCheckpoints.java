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
 * Writes checkpoints from copies in memory while training goes on; training waits for the copy alone. Without copies,
 * training waits for the disk instead. One checkpoint is written at a time. One caller at a time; the listener is called
 * on the writing thread.
 *
 * <p>The copies are as large as the trained parameters and their moments, so they live in native memory of shared arenas:
 * {@code Arena.ofAuto()} would count them against the JVM's limit for direct buffers, which is the heap's size.
 */
public final class BackgroundCheckpoints implements AutoCloseable {
    private final Checkpoints checkpoints;
    private final int kept;
    private final boolean copies;
    private final Listener listener;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("checkpoints").factory());
    /** Reused by each checkpoint. Only touched while nothing is being written. */
    private final Map<String, Copy> snapshot = new HashMap<>();

    private Future<?> inFlight = writer.submit(() -> {});
    private volatile OptionalLong newest = OptionalLong.empty();

    /** Is told how each checkpoint ended. */
    public interface Listener {
        /** The checkpoint is safely on disk. */
        void written(TrainingState state, long bytes);

        /** The checkpoint could not be written; those from before are still there. */
        void failed(TrainingState state, UncheckedIOException reason);
    }

    /** A tensor's copy and the arena that frees it. */
    private record Copy(Arena arena, MemorySegment memory) {}

    /**
     * Writes into these checkpoints.
     *
     * @param kept newest checkpoints that are kept
     * @param copies whether there is memory for a copy of all tensors; otherwise {@link #write} returns when they are on
     *     disk
     */
    public BackgroundCheckpoints(Checkpoints checkpoints, int kept, boolean copies, Listener listener) {
        this.checkpoints = checkpoints;
        this.kept = kept;
        this.copies = copies;
        this.listener = listener;
    }

    /** Whether the last checkpoint has ended, so that another would not have to wait. */
    public boolean isIdle() {
        return inFlight.isDone();
    }

    /**
     * Writes a checkpoint, after the one that is being written.
     *
     * @param mutable tensors that training changes
     * @param constant tensors that stay as they are until {@link #await} returns; they are not copied
     */
    public void write(TrainingState state, Map<String, MemorySegment> mutable, Map<String, MemorySegment> constant) {
        await();
        Map<String, MemorySegment> all = new HashMap<>(constant);
        if (!copies) {
            all.putAll(mutable);
            inFlight = writer.submit(() -> writeNow(state, all));
            await();
            return;
        }
        mutable.forEach((name, memory) -> all.put(name, copy(name, memory)));
        inFlight = writer.submit(() -> writeNow(state, all));
    }

    /** Writes a checkpoint of tensors that training changes. */
    public void write(TrainingState state, Map<String, MemorySegment> mutable) {
        write(state, mutable, Map.of());
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

    /** Waits for the last checkpoint and frees the copies. */
    @Override
    public void close() {
        writer.close();
        snapshot.values().forEach(copy -> copy.arena().close());
        snapshot.clear();
    }

    private MemorySegment copy(String name, MemorySegment memory) {
        Copy known = snapshot.get(name);
        if (known == null || known.memory().byteSize() != memory.byteSize()) {
            if (known != null) {
                known.arena().close();
            }
            Arena arena = Arena.ofShared();
            known = new Copy(arena, arena.allocate(memory.byteSize(), Long.BYTES));
            snapshot.put(name, known);
        }
        return known.memory().copyFrom(memory);
    }

    private void writeNow(TrainingState state, Map<String, MemorySegment> tensors) {
        long bytes;
        try {
            bytes = checkpoints.write(state, tensors, kept);
        } catch (UncheckedIOException e) {
            listener.failed(state, e);
            return;
        }
        newest = OptionalLong.of(state.step());
        listener.written(state, bytes);
    }
}
