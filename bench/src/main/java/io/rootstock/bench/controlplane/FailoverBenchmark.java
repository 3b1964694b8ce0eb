package io.rootstock.bench.controlplane;

import io.rootstock.bench.kill.Patience;
import io.rootstock.cli.installation.ProjectRoot;
import io.rootstock.cli.installation.Service;
import io.rootstock.files.FileTree;
import io.rootstock.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Time from the end of the leading registry until the other one leads: two registries on one PostgreSQL server; in turns,
 * the leader is killed (SIGKILL) and frozen (SIGSTOP). Prints {@code failovers= killed_ms= frozen_ms=}, the longest times.
 */
public final class FailoverBenchmark {
    private static final String LEADS = "\nrootstock_registry_leads 1.0";
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration ANSWER = Duration.ofSeconds(1);
    private static final int ROUNDS = 20;
    private static final int QUICK_ROUNDS = 4;

    private final Path home;
    /** Settings of the database. */
    private final List<String> database;

    private final HttpClient client = HttpClient.newHttpClient();

    private FailoverBenchmark(Path home, List<String> database) {
        this.home = home;
        this.database = database;
    }

    private record Registry(Process process, URI metrics) {}

    /** Entry point; {@code --quick} runs four rounds instead of twenty. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path home = Files.createTempDirectory("rootstock-failover-");
        int rounds = List.of(arguments).contains("--quick") ? QUICK_ROUNDS : ROUNDS;
        try (EmbeddedPostgres server = EmbeddedPostgres.start(home.resolve("postgres"), home.resolve("native"))) {
            PGSimpleDataSource source = server.dataSource();
            Path password = Files.writeString(home.resolve("password"), source.getPassword());
            List<String> database = List.of(
                    "-Drootstock.registry.database-url=jdbc:postgresql://127.0.0.1:" + source.getPortNumbers()[0] + "/"
                            + source.getDatabaseName(),
                    "-Drootstock.registry.database-user=" + source.getUser(),
                    "-Drootstock.registry.database-password-file=" + password);
            new FailoverBenchmark(home, database).run(rounds);
        } finally {
            FileTree.delete(home);
        }
    }

    private void run(int rounds) throws IOException, InterruptedException {
        List<Registry> registries = new ArrayList<>();
        List<Double> killed = new ArrayList<>();
        List<Double> frozen = new ArrayList<>();
        try {
            registries.add(start());
            registries.add(start());
            for (int round = 0; round < rounds; round++) {
                registries.forEach(this::awaitAnswer);
                Registry leader = awaitLeader(registries);
                registries.remove(leader);
                boolean kills = round % 2 == 0;
                signal(leader, kills ? "KILL" : "STOP");
                long start = System.nanoTime();
                Registry _ = awaitLeader(registries);
                double milliseconds = (System.nanoTime() - start) / 1e6;
                (kills ? killed : frozen).add(milliseconds);
                System.out.printf("%-7s %8.0f ms%n", kills ? "killed" : "frozen", milliseconds);
                leader.process().destroyForcibly().waitFor();
                registries.add(start());
            }
        } finally {
            for (Registry registry : registries) {
                registry.process().destroyForcibly().waitFor();
            }
        }
        System.out.printf("failovers=%d%n", rounds);
        System.out.printf("killed_ms=%.0f%n", longest(killed));
        System.out.printf("frozen_ms=%.0f%n", longest(frozen));
    }

    private static double longest(List<Double> times) {
        return times.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    private Registry start() throws IOException {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-Drootstock.home=" + home,
                "-Dquarkus.grpc.server.port=" + freePort(),
                "-Dquarkus.http.port=" + port));
        command.addAll(database);
        command.addAll(List.of("-jar", Service.REGISTRY.jar(ProjectRoot.find()).toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("registry-" + port + ".log").toFile())
                .start();
        return new Registry(process, URI.create("http://127.0.0.1:" + port + "/q/metrics"));
    }

    private void awaitAnswer(Registry registry) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (metrics(registry).isEmpty()) {
            requireTime(end, registry.metrics() + " does not answer");
            Patience.sleep(PAUSE);
        }
    }

    private Registry awaitLeader(List<Registry> registries) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            for (Registry registry : registries) {
                if (metrics(registry).contains(LEADS)) {
                    return registry;
                }
            }
            requireTime(end, "no registry leads");
            Patience.sleep(PAUSE);
        }
    }

    private static void requireTime(long end, String otherwise) {
        if (System.nanoTime() > end) {
            throw new IllegalStateException(otherwise + " after " + LIMIT.toSeconds() + " s");
        }
    }

    /** Returns the metrics of a registry; empty if it does not answer. */
    private String metrics(Registry registry) {
        HttpRequest request =
                HttpRequest.newBuilder(registry.metrics()).timeout(ANSWER).build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException _) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void signal(Registry registry, String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder(
                        "kill", "-" + name, Long.toString(registry.process().pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("kill ended with exit code " + code);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
