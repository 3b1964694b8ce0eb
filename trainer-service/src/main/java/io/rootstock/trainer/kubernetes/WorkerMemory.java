package io.rootstock.trainer.kubernetes;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.rootstock.files.AtomicFile;
import io.rootstock.trainer.run.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * Memory of a run's pods after one was killed for lack of memory: twice the memory of the last attempt, up to a limit. It is kept
 * in the run's directory.
 */
final class WorkerMemory {
    private static final int FACTOR = 2;
    private static final long MEBIBYTE = 1L << 20;

    private WorkerMemory() {}

    /** Least memory of a pod in bytes; 0 without an attempt that ran out of memory. */
    static long least(RunDirectory directory) {
        try {
            return Long.parseLong(Files.readString(directory.workerMemory()).strip());
        } catch (NoSuchFileException none) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory.workerMemory(), e);
        }
    }

    /**
     * Raises the memory of the run's next pods.
     *
     * @param last Job of the attempt that ran out of memory
     * @param limit largest memory of a pod in bytes
     * @return description of the new memory; empty if the attempt had the largest one
     */
    static Optional<String> raise(RunDirectory directory, Job last, long limit) {
        long before = Quantity.getAmountInBytes(last.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getResources()
                        .getLimits()
                        .get("memory"))
                .longValueExact();
        long next = Math.min(FACTOR * before, limit);
        if (next <= before) {
            return Optional.empty();
        }
        try {
            AtomicFile.write(directory.workerMemory(), Long.toString(next));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + directory.workerMemory(), e);
        }
        return Optional.of(next / MEBIBYTE + " MiB (was " + before / MEBIBYTE + " MiB)");
    }
}
