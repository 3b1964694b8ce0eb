package io.rootstock.dist.builder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Writes patches of the JDK and the builder that runs this program, and a file {@code options} with the options of native-image
 * that use them. Decision 0171 has the causes of differences that they remove.
 */
public final class BuilderPatches {
    /**
     * One thread does all work, so that hash tables have the same order. The builder's own threads are left out; output of
     * its progress would be one. Monitors of objects, which hold identity hashes, are not given back. The agent stops the
     * clock: compiled code must not read it by itself, and HotSpot does not warn of the agent's methods.
     */
    private static final List<String> OPTIONS = List.of(
            "--parallelism=1",
            "-J-XX:+UnlockExperimentalVMOptions",
            "-J-XX:hashCode=2",
            "-J-XX:+UnlockDiagnosticVMOptions",
            "-J-XX:GuaranteedAsyncDeflationInterval=0",
            "-J-XX:MonitorUsedDeflationThreshold=0",
            "-J-XX:DisableIntrinsic=_currentTimeMillis,_nanoTime",
            "-J-Xlog:jni+resolve=off",
            "-J-Djava.util.concurrent.ForkJoinPool.common.threadFactory=java.util.concurrent.NoThreads",
            "-H:+UnlockExperimentalVMOptions",
            "-H:DeadlockWatchdogInterval=0",
            "-H:-BuildOutputProgress");

    private BuilderPatches() {}

    /**
     * Writes the patches and the options.
     *
     * @param arguments folder of the added classes' sources, output folder, time of the build in seconds since 1970
     * @throws IOException if a class is missing, does not have the expected code, or a file cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        Path sources = Path.of(arguments[0]);
        Path output = Path.of(arguments[1]);
        long seconds = Long.parseLong(arguments[2]);
        List<String> options = new ArrayList<>();
        for (PatchedModule module : PatchedModule.values()) {
            Path folder = output.resolve(module.moduleName());
            for (ClassPatch patch : module.patches(seconds)) {
                Path target = folder.resolve(patch.type() + ".class");
                Files.createDirectories(target.getParent());
                Files.write(target, patch.apply(module.read(patch.type())));
            }
            AddedClasses.compile(module, sources, folder);
            options.add("-J--patch-module=" + module.moduleName() + "=" + folder);
        }
        options.addAll(OPTIONS);
        options.add("-H:ImageBuildID="
                + UUID.nameUUIDFromBytes(Long.toString(seconds).getBytes(StandardCharsets.UTF_8)));
        Files.write(output.resolve("options"), options);
    }
}
