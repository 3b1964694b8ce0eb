package io.rootstock.inference.serving;

import io.rootstock.artifacts.Digest;
import io.rootstock.files.AtomicFile;
import io.rootstock.files.FileTree;
import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.model.LoadException;
import io.rootstock.inference.model.ServedVersion;
import io.rootstock.llama.ExpendableProcess;
import io.rootstock.llama.ExpendableProcess.Limits;
import io.rootstock.service.Pruning;
import io.rootstock.storage.v1.PrunedGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * Loads external files for the first time in a separate process, because llama.cpp can abort on a file that passes all
 * checks in Java. A directory stores the outcome in a file named after the digest: empty after a successful load, else
 * the reason for which the process failed.
 */
final class FirstLoads {
    private static final long MACHINE_BYTES = 512L << 20;
    /** Exit code of SIGKILL, usually sent from outside, for example by the OOM killer. */
    private static final int KILLED = 137;
    /** Prefix of the directories of running first loads. */
    private static final String RUNNING = "running-";

    private final Path folder;
    private final Path llama;
    private final InferenceSettings settings;

    /**
     * Stores outcomes in a directory.
     *
     * @param llama directory of llama.cpp's libraries
     */
    FirstLoads(Path folder, Path llama, InferenceSettings settings) {
        this.folder = folder;
        this.llama = llama;
        this.settings = settings;
    }

    /**
     * Loads a file of an external version in a separate process, unless it was loaded before.
     *
     * @param need estimated bytes for serving it
     * @param wanted polled; false stops the process
     * @throws LoadException if the process fails
     */
    void require(ServedVersion version, Path gguf, long need, BooleanSupplier wanted) {
        if (version.trained()) {
            return;
        }
        require(
                version.name() + " cannot be served: the first load of " + version.gguf(),
                Digest.parse(version.gguf()).hex(),
                FirstLoadProcess.command(llama, gguf),
                need,
                wanted);
    }

    /**
     * Loads an adapter in a separate process, unless it was loaded with this model file before. An adapter is
     * identified by its digest only, so it may come from any source.
     *
     * @param base digest of the model's file {@code model}
     * @param wanted polled; false stops the process
     * @throws LoadException if the process fails
     */
    void requireAdapter(Digest base, Path model, Digest adapter, Path file, BooleanSupplier wanted) {
        require(
                "the first load of " + adapter + " beside " + base,
                base.hex() + "-" + adapter.hex(),
                FirstLoadProcess.command(llama, model, file),
                model.toFile().length() + 2 * file.toFile().length(),
                wanted);
    }

    /** Removes directories that a killed service left. */
    PrunedGroup prune(Pruning pruning) {
        Pruning.Group interrupted = pruning.group("directories of interrupted first loads");
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(folder, RUNNING + "*")) {
            for (Path directory : directories) {
                long bytes = FileTree.size(directory);
                interrupted.add(
                        directory.getFileName().toString(),
                        bytes,
                        Files.getLastModifiedTime(directory).toInstant(),
                        () -> {
                            FileTree.delete(directory);
                            return bytes;
                        });
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the first loads in " + folder, e);
        }
        return interrupted.toMessage();
    }

    private void require(String load, String name, ProcessBuilder command, long need, BooleanSupplier wanted) {
        Path outcome = folder.resolve(name);
        try {
            if (!Files.exists(outcome)) {
                run(load, command, need, outcome, wanted);
            }
            String reason = Files.readString(outcome);
            if (!reason.isEmpty()) {
                throw new LoadException(load + " failed: " + reason + "; hint: remove " + outcome + " to retry");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the outcome of first loads in " + folder, e);
        }
    }

    private void run(String load, ProcessBuilder command, long need, Path outcome, BooleanSupplier wanted)
            throws IOException {
        Limits limits = new Limits(
                settings.firstLoadTime(),
                settings.firstLoadMemory().map(memory -> memory.asLongValue()).orElse(need + MACHINE_BYTES));
        Path work = Files.createTempDirectory(folder, RUNNING);
        try {
            ExpendableProcess.End end = ExpendableProcess.run(command, work, limits, wanted);
            switch (end.kind()) {
                case DONE -> AtomicFile.write(outcome, "");
                case DIED -> {
                    if (end.exitCode() == KILLED) {
                        throw notNow(load, end.reason());
                    }
                    AtomicFile.write(outcome, end.reason());
                }
                case OVERTIME ->
                    throw notNow(load, end.reason() + ": rootstock.inference.first-load-time is " + limits.time());
                case OVERSIZED ->
                    throw notNow(
                            load,
                            end.reason() + ": more than " + limits.residentBytes()
                                    + " bytes; rootstock.inference.first-load-memory allows another limit");
                case UNWANTED -> throw notNow(load, end.reason());
            }
        } finally {
            FileTree.delete(work);
        }
    }

    /** Failures that may not recur on another machine or at another time are retried, not stored. */
    private static LoadException notNow(String load, String reason) {
        return new LoadException(load + " failed: " + reason);
    }
}
