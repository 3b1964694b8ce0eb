package io.rootstock.cli.installation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** An unpacked download: {@code services/<name>/}, {@code native/} and {@code runtime/}, a Java runtime (see {@code dist}). */
record Download(Path root) implements Layout {
    /** File that only a complete download has, the last one of its archive; it holds version and platform. */
    private static final String MARKER = "version.properties";

    static boolean isAt(Path folder) {
        return Files.isRegularFile(folder.resolve(MARKER));
    }

    @Override
    public Program program(Service service) {
        Path folder = root.resolve("services").resolve(service.label());
        Path executable = folder.resolve(service.label() + "-service");
        return Files.isExecutable(executable)
                ? new Program.Executable(executable)
                : new Program.Jar(folder.resolve("quarkus-run.jar"));
    }

    @Override
    public Optional<Path> sparkHome() {
        return Optional.empty();
    }

    @Override
    public Path libtorch() {
        return root.resolve("native/libtorch");
    }

    @Override
    public String libtorchFile() {
        return "libtorch_cpu.";
    }

    @Override
    public Path llama() {
        return root.resolve("native/llama");
    }

    @Override
    public Map<String, String> environment() {
        return Map.of("ROOTSTOCK_LIBTORCH", libtorch().toString(), "ROOTSTOCK_LLAMA", llama().toString());
    }

    @Override
    public String remedy() {
        return "unpack the download again, or run its install.sh again";
    }

    @Override
    public String missingLibrary(Path folder) {
        return remedy();
    }
}
