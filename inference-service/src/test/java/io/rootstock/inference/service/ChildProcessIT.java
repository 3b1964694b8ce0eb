package io.rootstock.inference.service;

import static org.assertj.core.api.Assertions.assertThat;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged service as the child of a process that learns its ports, and that it ends with. */
@Timeout(120)
class ChildProcessIT {
    @TempDir
    Path home;

    @Test
    void reportsItsPortsAndEndsWithItsParent() throws IOException, InterruptedException {
        Path ports = home.resolve("ports");
        List<String> command = new ArrayList<>(ServiceProcess.java());
        command.addAll(List.of(
                "-Xmx256m",
                "-Drootstock.home=" + home,
                "-Drootstock.process.ports-file=" + ports,
                "-Drootstock.process.end-with-parent=true",
                // Nothing listens there.
                "-Drootstock.registry.endpoint=127.0.0.1:1",
                "-Dquarkus.grpc.server.port=0",
                "-Dquarkus.http.port=0",
                "-jar",
                Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath().toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("service.log").toFile())
                .start();
        try {
            ServingFixture.await(() -> Files.exists(ports) || !process.isAlive());
            Properties written = new Properties();
            try (Reader reader = Files.newBufferedReader(ports)) {
                written.load(reader);
            }
            ManagedChannel channel = NettyChannelBuilder.forAddress(
                            "127.0.0.1", Integer.parseInt(written.getProperty("grpc")))
                    .usePlaintext()
                    .build();
            try (HttpClient http = HttpClient.newHttpClient()) {
                assertThat(HealthGrpc.newBlockingStub(channel)
                                .withDeadlineAfter(30, TimeUnit.SECONDS)
                                .check(HealthCheckRequest.getDefaultInstance())
                                .getStatus())
                        .as("no registry has named the versions")
                        .isEqualTo(ServingStatus.NOT_SERVING);
                URI live = URI.create("http://127.0.0.1:" + written.getProperty("http") + "/q/health/live");
                assertThat(http.send(HttpRequest.newBuilder(live).build(), HttpResponse.BodyHandlers.discarding())
                                .statusCode())
                        .isEqualTo(200);
            } finally {
                channel.shutdownNow();
            }
            assertThat(process.isAlive()).isTrue();

            // As the kernel does when the parent is killed.
            process.getOutputStream().close();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }
}
