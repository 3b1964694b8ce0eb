package io.rootstock.evaluator;

import io.grpc.netty.NettyChannelBuilder;
import io.rootstock.evaluator.engine.Engine;
import io.rootstock.evaluator.engine.InferenceCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Engines of the packaged inference service, with one slot and one thread. */
public final class TestEngines {
    private TestEngines() {}

    /** Command of the service with the artifacts of a home. */
    public static InferenceCommand command(Path home, int registryPort) {
        return new InferenceCommand(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-XX:AOTCache=" + TestModels.inferenceJar().resolveSibling("app.aot"),
                        "--enable-native-access=ALL-UNNAMED"),
                List.of("-jar", TestModels.inferenceJar().toString()),
                Map.of(
                        "rootstock.registry.endpoint",
                        "127.0.0.1:" + registryPort,
                        "rootstock.artifacts.directory",
                        home.resolve("artifacts").toString(),
                        "rootstock.inference.slots",
                        "1",
                        "rootstock.inference.threads",
                        "1",
                        "rootstock.process.end-with-parent",
                        "true",
                        "quarkus.grpc.server.port",
                        "0",
                        "quarkus.http.port",
                        "0"),
                Map.of());
    }

    /** Starts the service with the tests' version. */
    public static Engine start(InferenceCommand command, Path folder) throws IOException, InterruptedException {
        return new Engine(
                command,
                new Engine.Options(
                        Files.createDirectories(folder),
                        TestModels.VERSION,
                        Optional.of("F32"),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(1)),
                port -> NettyChannelBuilder.forAddress("127.0.0.1", port)
                        .usePlaintext()
                        .build());
    }
}
