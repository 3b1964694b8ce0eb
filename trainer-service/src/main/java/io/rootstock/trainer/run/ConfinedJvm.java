package io.rootstock.trainer.run;

import io.rootstock.llama.LlamaException;
import io.rootstock.llama.NativeDirectory;
import io.rootstock.sandbox.Confinement;
import io.rootstock.sandbox.ExpendableProcess;
import io.rootstock.sandbox.ExpendableProcess.End;
import io.rootstock.sandbox.ExpendableProcess.Limits;
import io.rootstock.sandbox.SandboxMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Runs a main class of this service in a confined process: it opens files of outside origin, or runs llama.cpp on files
 * that were made from them. It can read llama.cpp's libraries besides the files that it is given.
 *
 * @param folder existing directory for its output
 * @param sandbox the confinement
 */
public record ConfinedJvm(Path folder, SandboxMode sandbox) {
    /** Limit of the private memory of a process that only converts files, beyond its heap. */
    public static final long CONVERSION_BYTES = 1L << 30;

    /**
     * Files and resources of a process.
     *
     * @param readable files and directories that it may read
     * @param writable directory that it may write; empty: none
     * @param fileBytes maximum size of a file that it writes
     * @param nativeBytes maximum private memory beyond the Java heap
     * @param time maximum run time
     * @param threads number of threads that compute
     */
    public record Resources(
            List<Path> readable,
            Optional<Path> writable,
            long fileBytes,
            long nativeBytes,
            Duration time,
            int threads) {
        public Resources {
            readable = List.copyOf(readable);
        }
    }

    /**
     * Runs a main class and waits for its end.
     *
     * @param program name of the main class, which calls {@link ExpendableProcess#endWithParent} first, and its
     *     arguments
     * @param wanted polled during the run; false kills the process
     */
    public End run(List<String> program, Resources resources, BooleanSupplier wanted) {
        List<String> words = new ArrayList<>(Confinement.JVM_OPTIONS);
        words.add("-Dstdout.encoding=UTF-8");
        List<Path> readable = new ArrayList<>(resources.readable());
        libraries().ifPresent(directory -> {
            words.add("-Drootstock.llama=" + directory);
            readable.add(directory);
        });
        words.addAll(program);
        ProcessBuilder builder = JavaWorkerLauncher.fromCurrentJvm(folder).builder(words);
        new Confinement(
                        readable,
                        resources.writable(),
                        resources.fileBytes(),
                        Runtime.getRuntime().maxMemory() + resources.nativeBytes(),
                        resources.time().multipliedBy(resources.threads() + 1L))
                .apply(builder, sandbox);
        return ExpendableProcess.run(builder, folder, Limits.of(resources.time()), wanted);
    }

    /** Directory of llama.cpp's libraries; empty if they are missing, which the process then reports. */
    private static Optional<Path> libraries() {
        try {
            return Optional.of(NativeDirectory.find().toAbsolutePath());
        } catch (LlamaException _) {
            return Optional.empty();
        }
    }
}
