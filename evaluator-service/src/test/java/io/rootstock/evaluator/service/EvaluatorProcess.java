package io.rootstock.evaluator.service;

import io.rootstock.evaluator.TestModels;
import io.rootstock.evaluator.TestRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged evaluator in a separate process. */
final class EvaluatorProcess implements AutoCloseable {
    private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");

    private final Path home;
    private final Process process;

    EvaluatorProcess(Path home, int registryPort, String... settings) throws IOException {
        this.home = home;
        Files.deleteIfExists(ports());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Drootstock.home=" + home,
                "-Drootstock.registry.endpoint=127.0.0.1:" + registryPort,
                "-Drootstock.evaluator.inference-jar=" + TestModels.inferenceJar(),
                "-Drootstock.evaluator.jvm-options=-Xmx256m,-XX:TieredStopAtLevel=1,-XX:+UseSerialGC",
                "-Drootstock.evaluator.threads=1",
                "-Drootstock.evaluator.report-interval=20ms",
                "-Drootstock.process.ports-file=" + ports(),
                "-Dquarkus.http.port=0"));
        for (String setting : settings) {
            command.add("-D" + setting);
        }
        command.addAll(List.of("-jar", JAR.toAbsolutePath().toString()));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    private Path ports() {
        return home.resolve("ports");
    }

    private Path log() {
        return home.resolve("evaluator.log");
    }

    String output() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the body of a GET request. */
    String get(String path) throws IOException, InterruptedException {
        TestRegistry.await(() -> Files.exists(ports()) || !process.isAlive());
        String port = Files.readAllLines(ports()).stream()
                .filter(line -> line.startsWith("http="))
                .findFirst()
                .orElseThrow()
                .substring("http=".length());
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    /** Returns a metric's value; 0 if it has none. */
    double metric(String sample) throws IOException, InterruptedException {
        // The text format ends a list of labels with a comma.
        return get("/q/metrics")
                .replace(",}", "}")
                .lines()
                .filter(line -> line.startsWith(sample + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
                .sum();
    }

    /** Running children of the process: the inference service. */
    List<ProcessHandle> children() {
        return process.children().toList();
    }

    /** Sends SIGTERM and waits for the end. */
    boolean terminate() throws InterruptedException {
        process.destroy();
        return process.waitFor(30, TimeUnit.SECONDS);
    }

    /** Sends SIGKILL and waits for the end. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    boolean ended() throws InterruptedException {
        return process.waitFor(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
