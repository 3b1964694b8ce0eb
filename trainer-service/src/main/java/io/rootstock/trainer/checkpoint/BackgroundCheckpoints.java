package io.rootstock.trainer.checkpoint;

import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Writes checkpoints on a background thread from a copy of the tensors; training is blocked only while the copy is
 * made. If copies are disabled, training is blocked until the checkpoint is on disk. At most one checkpoint is written
 * at a time. Not thread-safe; the listener is called on the writing thread.
 *
 * <p>The copies are as large as the trained parameters and their moments, so they are allocated in shared arenas:
 * memory of {@code Arena.ofAuto()} would count against the JVM's limit for direct buffers, which equals the heap size.
 */
public final class BackgroundCheckpoints implements AutoCloseable {
    private static final int PAUSE_DURATIONS = 25;
    private static final long MAX_PAUSE_NANOS = TimeUnit.HOURS.toNanos(1);

    private final Checkpoints checkpoints;
    private final int kept;
    private final boolean copies;
    private final Listener listener;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("checkpoints").factory());
    /** Reused by each checkpoint; accessed only while no write is in progress. */
    private final Map<String, Copy> snapshot = new HashMap<>();

    private final LongSupplier nanoTime;
    private Future<?> inFlight = CompletableFuture.completedFuture(null);
    private volatile OptionalLong newest = OptionalLong.empty();
    private volatile LastWrite lastWrite;

    /** Receives the result of each write. */
    public interface Listener {
        /** The checkpoint is durable on disk. */
        void written(TrainingState state, long bytes);

        /** The write failed; earlier checkpoints are kept. */
        void failed(TrainingState state, UncheckedIOException reason);
    }

    /** Start and end of the last complete write, in nanoseconds of the clock; equal before the first. */
    private record LastWrite(long start, long end) {}

    /** A tensor's copy and the arena that frees it. */
    private record Copy(Arena arena, MemorySegment memory) {}

    /**
     * Creates a writer.
     *
     * @param kept number of newest checkpoints to keep
     * @param copies whether there is memory for a copy of all tensors; otherwise {@link #write} returns when the
     *     checkpoint is on disk
     */
    public BackgroundCheckpoints(Checkpoints checkpoints, int kept, boolean copies, Listener listener) {
        this(checkpoints, kept, copies, listener, System::nanoTime);
    }

    BackgroundCheckpoints(Checkpoints checkpoints, int kept, boolean copies, Listener listener, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        long now = nanoTime.getAsLong();
        this.lastWrite = new LastWrite(now, now);
        this.checkpoints = checkpoints;
        this.kept = kept;
        this.copies = copies;
        this.listener = listener;
    }

    /** Whether no write is in progress, so that {@link #write} would not wait. */
    public boolean isIdle() {
        return inFlight.isDone();
    }

    /**
     * Whether no write is in progress and 25 times the duration of the last complete one, but at most one hour, has
     * passed since its end. Then a write is in progress in less than 4 % of the time, unless one takes more than 144 s.
     */
    public boolean isRested() {
        if (!isIdle()) {
            return false;
        }
        LastWrite last = lastWrite;
        long pause = Math.min(PAUSE_DURATIONS * (last.end() - last.start()), MAX_PAUSE_NANOS);
        return nanoTime.getAsLong() - last.end() >= pause;
    }

    /**
     * Writes a checkpoint; waits first for a write that is in progress.
     *
     * @param mutable tensors that training changes; they are copied
     * @param constant tensors that do not change until {@link #await} returns; they are not copied
     */
    public void write(TrainingState state, Map<String, MemorySegment> mutable, Map<String, MemorySegment> constant) {
        await();
        long start = nanoTime.getAsLong();
        Map<String, MemorySegment> all = new HashMap<>(constant);
        if (!copies) {
            all.putAll(mutable);
            inFlight = writer.submit(() -> writeNow(state, all, start));
            await();
            return;
        }
        mutable.forEach((name, memory) -> all.put(name, copy(name, memory)));
        inFlight = writer.submit(() -> writeNow(state, all, start));
    }

    /** Writes a checkpoint without constant tensors. */
    public void write(TrainingState state, Map<String, MemorySegment> mutable) {
        write(state, mutable, Map.of());
    }

    /** Waits until no write is in progress; returns the step of the last checkpoint that this object wrote. */
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

    /** Waits until no write is in progress and frees the copies. */
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

    private void writeNow(TrainingState state, Map<String, MemorySegment> tensors, long start) {
        long bytes;
        try {
            bytes = checkpoints.write(state, tensors, kept);
        } catch (UncheckedIOException e) {
            listener.failed(state, e);
            return;
        }
        lastWrite = new LastWrite(start, nanoTime.getAsLong());
        newest = OptionalLong.of(state.step());
        listener.written(state, bytes);
    }
}
