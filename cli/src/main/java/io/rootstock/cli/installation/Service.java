package io.rootstock.cli.installation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The five services, in the order of their ports. */
public enum Service {
    /** Models, versions, aliases, lineage, jobs. */
    REGISTRY(0, "rootstock.registry.v1.JobService", "-Xmx384m"),
    /** Tokenizers, sources and datasets. */
    TOKENIZER(1, "rootstock.tokenizer.v1.TokenizerService", "-Xmx1536m"),
    /** Training runs; workers are separate processes. */
    TRAINER(2, "rootstock.trainer.v1.TrainerService", "-Xmx512m"),
    /** Completions, chat, classification, embeddings. */
    INFERENCE(3, "rootstock.inference.v1.InferenceService", "-Xmx512m"),
    /** Evaluations; has no RPCs, only health and metrics over HTTP. Its inference process is a child. */
    EVALUATOR(4, "", "-Xmx1g");

    /** Default of the first gRPC port; HTTP ports start ten above. */
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

    /** The services that it calls. */
    List<Service> calls() {
        return switch (this) {
            case REGISTRY -> List.of(TOKENIZER, TRAINER, INFERENCE);
            case TOKENIZER, TRAINER, INFERENCE, EVALUATOR -> List.of(REGISTRY);
        };
    }

    /** The services with a gRPC server. */
    public static List<Service> withRpcs() {
        return Arrays.stream(values()).filter(Service::hasRpcs).toList();
    }

    /** Whether it has a gRPC server. */
    public boolean hasRpcs() {
        return !healthName.isEmpty();
    }

    /** Name in settings, files and tables, for example {@code registry}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Service name for grpc.health.v1; empty without a gRPC server. */
    public String healthName() {
        return healthName;
    }

    /** gRPC port for a port base; reserved for a service without a gRPC server. */
    public int grpcPort(int portBase) {
        return portBase + offset;
    }

    /** HTTP port (health, metrics) for a port base. */
    public int httpPort(int portBase) {
        return portBase + HTTP_OFFSET + offset;
    }

    /** Packaged application below the root of the project. */
    public Path jar(Path root) {
        return root.resolve(label() + "-service/target/quarkus-app/quarkus-run.jar");
    }

    /** Flag of the maximum heap, of a JVM or a native executable. */
    String heap() {
        return heap;
    }

    /**
     * JVM flags: heap size, native access, the Vector API and the AOT cache if there is one beside the jar. The JVM ignores a
     * cache that does not match its version or the jars.
     *
     * @param jar the packaged application
     */
    public List<String> jvmFlags(Path jar) {
        List<String> flags = new ArrayList<>(List.of(
                heap,
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"));
        if (this == TRAINER) {
            flags.add("--add-modules=jdk.incubator.vector");
        }
        Path cache = jar.resolveSibling("app.aot");
        if (Files.isReadable(cache)) {
            flags.add("-XX:AOTCache=" + cache);
        }
        return flags;
    }
}
