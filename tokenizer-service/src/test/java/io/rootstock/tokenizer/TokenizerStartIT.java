package io.rootstock.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The start of the packaged service as a separate process. */
class TokenizerStartIT {
    @TempDir
    private Path home;

    @Test
    void endsIfItsGrpcServerCannotStart() throws Exception {
        Path log = home.resolve("log");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process service = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Drootstock.home=" + home,
                            "-Dquarkus.http.port=0",
                            "-Dquarkus.grpc.server.port=" + taken.getLocalPort(),
                            "-jar",
                            Path.of("target/quarkus-app/quarkus-run.jar")
                                    .toAbsolutePath()
                                    .toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            try {
                assertThat(service.waitFor(120, TimeUnit.SECONDS))
                        .as(Files.readString(log))
                        .isTrue();
                assertThat(service.exitValue()).isEqualTo(1);
                assertThat(Files.readString(log))
                        .contains("the gRPC server could not start on 127.0.0.1:" + taken.getLocalPort());
            } finally {
                service.destroyForcibly();
            }
        }
    }
}
