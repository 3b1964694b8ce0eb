package io.rootstock.cli.installation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The four services, in the order of their ports. */
public enum Service {
    /** Models, versions, aliases, lineage and jobs. */
    REGISTRY(0, "rootstock.registry.v1.JobService", "-Xmx384m"),
    /** Tokenizers and datasets. */
    TOKENIZER(1, "rootstock.tokenizer.v1.TokenizerService", "-Xmx1536m"),
    /** Runs and their workers; the workers are processes of their own. */
    TRAINER(2, "rootstock.trainer.v1.TrainerService", "-Xmx512m"),
    /** Generation, chat, classification and embeddings. */
    INFERENCE(3, "rootstock.inference.v1.InferenceService", "-Xmx512m");

    /** First gRPC port unless told otherwise; the HTTP ports start ten above. */
    public static final int DEFAULT_PORT_BASE = 7400;

    private static final int HTTP_OFFSET = 10;

    private final int offset;
    private final String healthName;
    private final String heap;

    Service(int offset, String healthName, String heap) {
        this.offset = offset;
        this.healthName = healthName;
        this.heap = heap;
    }

    /** Its name in settings, files and tables, such as {@code registry}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The service name that its grpc.health.v1 service answers for. */
    public String healthName() {
        return healthName;
    }

    /** Its gRPC port for a base port. */
    public int grpcPort(int portBase) {
        return portBase + offset;
    }

    /** Its HTTP port (health, metrics) for a base port. */
    public int httpPort(int portBase) {
        return portBase + HTTP_OFFSET + offset;
    }

    /** Its packaged application under the project's root. */
    public Path jar(Path root) {
        return root.resolve(label() + "-service/target/quarkus-app/quarkus-run.jar");
    }

    /**
     * JVM flags: a bounded heap, what libtorch, llama.cpp and the Vector API need, and the AOT cache where the build
     * trained one. A cache that does not fit the JVM or the jars is left aside by the JVM.
     */
    List<String> virtualMachineFlags(Path root) {
        List<String> flags = new ArrayList<>(List.of(
                heap,
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"));
        if (this == TRAINER) {
            flags.add("--add-modules=jdk.incubator.vector");
        }
        Path cache = jar(root).resolveSibling("app.aot");
        if (Files.isReadable(cache)) {
            flags.add("-XX:AOTCache=" + cache);
        }
        return flags;
    }
}
