package io.rootstock.cli.installation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The outputs of a build of the project. The services find their native libraries themselves, except a libtorch that the build
 * has fetched ({@code libs/torch/fetch-native}).
 */
record SourceTree(Path root) implements Layout {
    @Override
    public Program program(Service service) {
        return new Program.Jar(service.jar(root));
    }

    @Override
    public Optional<Path> sparkHome() {
        Path outputs = root.resolve("corpus-spark/target");
        return Optional.of(outputs).filter(home -> Files.isDirectory(home.resolve("lib")));
    }

    @Override
    public Path libtorch() {
        return fetchedLibtorch().orElse(root.resolve("trainer-service/target/quarkus-app/lib/main"));
    }

    @Override
    public String libtorchFile() {
        return fetchedLibtorch().isPresent() ? "libtorch_cpu." : "org.bytedeco.pytorch-";
    }

    private Optional<Path> fetchedLibtorch() {
        return Optional.of(root.resolve("libs/torch/target/native")).filter(Files::isDirectory);
    }

    @Override
    public Path llama() {
        return root.resolve("inference-service/target/quarkus-app/native");
    }

    @Override
    public Map<String, String> environment() {
        return fetchedLibtorch()
                .map(folder -> Map.of("ROOTSTOCK_LIBTORCH", folder.toString()))
                .orElse(Map.of());
    }

    @Override
    public String remedy() {
        return "run ./rootstock, which builds missing services";
    }

    @Override
    public String missingLibrary(Path folder) {
        return "build the services again: remove " + folder + ", then run ./rootstock";
    }
}
