package io.rootstock.inference.serving;

import io.rootstock.artifacts.Digest;
import io.rootstock.files.AtomicFile;
import io.rootstock.files.FileTree;
import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.model.LoadException;
import io.rootstock.inference.model.ServedVersion;
import io.rootstock.inference.serving.FirstLoadProcess.Task;
import io.rootstock.sandbox.Confinement;
import io.rootstock.sandbox.ExpendableProcess;
import io.rootstock.sandbox.ExpendableProcess.End;
import io.rootstock.sandbox.ExpendableProcess.Kind;
import io.rootstock.sandbox.ExpendableProcess.Limits;
import io.rootstock.sandbox.SandboxMode;
import io.rootstock.service.Pruning;
import io.rootstock.storage.v1.PrunedGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * Validates external files, and loads them for the first time, in separate, confined processes: a file can exploit errors
 * of its parsers, and llama.cpp can abort on a file that passes all checks in Java. A directory stores the outcome in a
 * file named after the digest: empty after a successful load, else the reason for which the process failed.
 */
final class FirstLoads {
    private static final long MACHINE_BYTES = 512L << 20;
    /** Memory of a JVM beside its heap that is reserved as writable, used or not. */
    private static final long RESERVED_BYTES = 1L << 30;
    /** Maximum size of the process's output. */
    private static final long OUTPUT_BYTES = 16L << 20;
    /** Exit code of SIGKILL, usually sent from outside, for example by the OOM killer. */
    private static final int KILLED = 137;

    private static final int MAX_REFUSALS = 1000;
    /** Prefix of the directories of running first loads. */
    private static final String RUNNING = "running-";

    private final Path folder;
    private final Path llama;
    private final InferenceSettings settings;
    private final SandboxMode sandbox;
    /** Reasons of refusals by the digests of the files, on which alone they depend: a retry needs no process. */
    private final Map<String, String> refusals = new ConcurrentHashMap<>();

    /**
     * Stores outcomes in a directory.
     *
     * @param llama directory of llama.cpp's libraries
     * @param sandbox confinement of the processes
     */
    FirstLoads(Path folder, Path llama, InferenceSettings settings, SandboxMode sandbox) {
        this.folder = folder;
        this.llama = llama;
        this.settings = settings;
        this.sandbox = sandbox;
    }

    /**
     * Validates the files of an external version in a separate process, before this process reads them, unless they
     * were loaded before.
     *
     * @param files the model's file, optionally followed by an adapter's file
     * @param wanted polled; false stops the process
     * @throws LoadException with the reason if they are invalid
     */
    void validate(ServedVersion version, List<Path> files, BooleanSupplier wanted) {
        if (version.trained() || known(version)) {
            return;
        }
        String digests = version.gguf() + " " + version.adapter();
        String refusal = refusals.get(digests);
        if (refusal != null) {
            throw new LoadException(version.name() + " cannot be served: " + refusal);
        }
        try {
            Limits limits = new Limits(settings.firstLoadTime(), FirstLoadProcess.HEAP_BYTES + MACHINE_BYTES);
            End end = process(Task.VALIDATE, files, limits, wanted);
            if (refused(end)) {
                if (refusals.size() >= MAX_REFUSALS) {
                    refusals.clear();
                }
                refusals.put(digests, end.words());
                throw new LoadException(version.name() + " cannot be served: " + end.words());
            }
            if (end.kind() != Kind.DONE) {
                throw notNow(version.name() + " cannot be served: the validation of " + version.gguf(), end.reason());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot validate the files of " + version.name(), e);
        }
    }

    private boolean known(ServedVersion version) {
        String model = Digest.parse(version.gguf()).hex();
        return Files.exists(folder.resolve(model))
                && (version.adapter() == null
                        || Files.exists(folder.resolve(
                                model + "-" + Digest.parse(version.adapter()).hex())));
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
                List.of(gguf),
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
                List.of(model, file),
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

    private void require(String load, String name, List<Path> files, long need, BooleanSupplier wanted) {
        Path outcome = folder.resolve(name);
        try {
            if (!Files.exists(outcome)) {
                run(load, files, need, outcome, wanted);
            }
            String reason = Files.readString(outcome);
            if (!reason.isEmpty()) {
                throw new LoadException(load + " failed: " + reason + "; hint: remove " + outcome + " to retry");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the outcome of first loads in " + folder, e);
        }
    }

    private void run(String load, List<Path> files, long need, Path outcome, BooleanSupplier wanted)
            throws IOException {
        Limits limits = new Limits(
                settings.firstLoadTime(),
                settings.firstLoadMemory().map(memory -> memory.asLongValue()).orElse(need + MACHINE_BYTES));
        End end = process(Task.LOAD, files, limits, wanted);
        switch (end.kind()) {
            case DONE -> AtomicFile.write(outcome, "");
            case DIED -> {
                if (refused(end)) {
                    throw new LoadException(load + " failed: " + end.words());
                }
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
            case UNWANTED, UNCONFINED -> throw notNow(load, end.reason());
        }
    }

    private End process(Task task, List<Path> files, Limits limits, BooleanSupplier wanted) throws IOException {
        ProcessBuilder command = FirstLoadProcess.command(llama, task, files);
        List<Path> readable = new ArrayList<>(files);
        readable.add(llama);
        new Confinement(
                        readable,
                        Optional.empty(),
                        OUTPUT_BYTES,
                        limits.residentBytes() + RESERVED_BYTES,
                        limits.time().multipliedBy(2))
                .apply(command, sandbox);
        Path work = Files.createTempDirectory(folder, RUNNING);
        try {
            return ExpendableProcess.run(command, work, limits, wanted);
        } finally {
            FileTree.delete(work);
        }
    }

    private static boolean refused(End end) {
        return end.kind() == Kind.DIED && end.exitCode() == FirstLoadProcess.REFUSED;
    }

    /** Failures that may not recur on another machine or at another time are retried, not stored. */
    private static LoadException notNow(String load, String reason) {
        return new LoadException(load + " failed: " + reason);
    }
}
