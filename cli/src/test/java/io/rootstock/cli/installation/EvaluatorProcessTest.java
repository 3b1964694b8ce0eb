package io.rootstock.cli.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.installation.ServiceStatus.Health;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service without a gRPC server: its health over HTTP, its command line and its ports. */
final class EvaluatorProcessTest {
    @TempDir
    private Path home;

    @Test
    void healthIsReadOverHttp() throws Exception {
        AtomicInteger status = new AtomicInteger(200);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/q/health/ready", exchange -> {
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();
        try {
            record(server.getAddress().getPort());
            assertThat(evaluator().health()).isEqualTo(Health.SERVING);
            assertThat(evaluator().endpoint()).isEmpty();
            status.set(503);
            assertThat(evaluator().health()).isEqualTo(Health.NOT_SERVING);
        } finally {
            server.stop(0);
        }
        assertThat(evaluator().health()).isEqualTo(Health.UNREACHABLE);
    }

    private ServiceStatus evaluator() {
        List<ServiceStatus> all = new Installation(home, home, OptionalInt.empty(), Map.of()).status();
        assertThat(all).extracting(ServiceStatus::service).containsExactly(Service.values());
        return all.getLast();
    }

    /** Records this process as the evaluator. */
    private void record(int httpPort) throws IOException {
        ProcessHandle self = ProcessHandle.current();
        long start = self.info().startInstant().map(Instant::toEpochMilli).orElseThrow();
        new ProcessRecord("evaluator", self.pid(), start, 7404, httpPort, "test", 0, Map.of(), "")
                .write(home.resolve("processes/evaluator.json"));
    }

    @Test
    void theCommandNamesTheInferenceJarAndNoGrpcServer() {
        List<String> command = new Launcher(
                        home, Layout.of(home), Ports.choose(7400), Map.of("rootstock.evaluator.slots", "2"))
                .program(Service.EVALUATOR);
        assertThat(command)
                .contains(
                        "-Drootstock.evaluator.inference-jar="
                                + home.resolve("inference-service/target/quarkus-app/quarkus-run.jar"),
                        "-Drootstock.registry.endpoint=127.0.0.1:7400",
                        "-Drootstock.evaluator.slots=2",
                        "-Dquarkus.http.port=7414")
                .endsWith(
                        "-jar",
                        home.resolve("evaluator-service/target/quarkus-app/quarkus-run.jar")
                                .toString())
                .noneMatch(argument -> argument.startsWith("-Dquarkus.grpc."));
        for (Service service : Service.values()) {
            assertThat(new Launcher(home, Layout.of(home), Ports.choose(7400), Map.of()).program(service))
                    .noneMatch(argument -> argument.startsWith("-Drootstock.evaluator.endpoint"));
        }
    }

    @Test
    void theEvaluatorNeedsTheInferenceServicesJar() throws Exception {
        Path jar = Service.EVALUATOR.jar(home);
        Files.createDirectories(jar.getParent());
        Files.createFile(jar);
        assertThatThrownBy(() -> Launcher.requireBuilt(Service.EVALUATOR, Layout.of(home)))
                .isInstanceOf(CliException.class)
                .hasMessageStartingWith("inference service is not built");
    }

    @Test
    void onlyItsHttpPortMustBeFree() throws Exception {
        int free;
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = other.getLocalPort();
        }
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ports.requireFree(Service.EVALUATOR, new Ports.Pair(taken.getLocalPort(), free));
            assertThatThrownBy(() -> Ports.requireFree(Service.EVALUATOR, new Ports.Pair(free, taken.getLocalPort())))
                    .isInstanceOf(CliException.class)
                    .hasMessageContaining("(evaluator, HTTP) is already in use");
        }
    }
}
