package io.rootstock.trainer.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Lock of a run: a file lock that the kernel releases when its holder exits for any reason. The file contains the
 * holder's process id, so that a service that did not start the worker can stop it.
 */
public final class WorkerLock implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);
    /**
     * Tolerance for process start times: the kernel counts them from boot, and the wall-clock time of boot changes when
     * the clock is set.
     */
    private static final long CLOCK_STEP_MILLIS = 2_000;

    private final FileChannel channel;
    private final FileLock lock;

    private WorkerLock(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Acquires the lock. Retries for {@code patience}, because {@link #isFree} of another process holds the lock for an
     * instant.
     */
    public static Optional<WorkerLock> acquire(Path file, Duration patience) throws InterruptedException {
        Instant end = Instant.now().plus(patience);
        while (true) {
            Optional<WorkerLock> lock = tryAcquire(file);
            if (lock.isPresent() || Instant.now().isAfter(end)) {
                lock.ifPresent(WorkerLock::nameHolder);
                return lock;
            }
            Thread.sleep(POLL);
        }
    }

    /** Whether no process holds the lock. */
    public static boolean isFree(Path file) {
        Optional<WorkerLock> lock = tryAcquire(file);
        lock.ifPresent(WorkerLock::close);
        return lock.isPresent();
    }

    /** Returns the process that last acquired the lock, if it is still running. */
    public static Optional<ProcessHandle> holder(Path file) {
        try {
            String[] words = Files.readString(file).strip().split(" ", -1);
            if (words.length != 2) {
                return Optional.empty();
            }
            return ProcessHandle.of(Long.parseLong(words[0]))
                    .filter(process -> Math.abs(started(process) - Long.parseLong(words[1])) <= CLOCK_STEP_MILLIS);
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Whether this process still holds the lock. */
    public boolean isValid() {
        return lock.isValid();
    }

    @Override
    public void close() {
        try (channel) {
            lock.release();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot release the worker lock", e);
        }
    }

    private static Optional<WorkerLock> tryAcquire(Path file) {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            return Optional.of(new WorkerLock(channel, lock));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + file, e);
        }
    }

    /** Writes process id and start time: process ids are reused, the pair is unique. */
    private void nameHolder() {
        ProcessHandle self = ProcessHandle.current();
        try {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((self.pid() + " " + started(self)).getBytes(StandardCharsets.US_ASCII)), 0);
            channel.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the worker lock", e);
        }
    }

    private static long started(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }
}
