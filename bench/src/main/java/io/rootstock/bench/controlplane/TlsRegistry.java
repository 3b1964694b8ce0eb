package io.rootstock.bench.controlplane;

import io.rootstock.cli.installation.Service;
import io.rootstock.client.tls.SecretVolume;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A registry process that requires client certificates and tokens, with a database of its own. */
final class TlsRegistry implements AutoCloseable {
    private static final int STOP_SECONDS = 30;

    private final Process process;
    private final int grpcPort;
    private final int httpPort;

    TlsRegistry(Path root, Path home, SecretVolume files, Path tokenFile) throws IOException {
        grpcPort = freePort();
        httpPort = freePort();
        process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx384m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-Drootstock.home=" + home,
                        "-Dquarkus.grpc.server.port=" + grpcPort,
                        "-Dquarkus.http.port=" + httpPort,
                        "-Drootstock.tls.certificate-file=" + files.certificate(),
                        "-Drootstock.tls.key-file=" + files.key(),
                        "-Drootstock.tls.client-authority-file=" + files.authority(),
                        "-Drootstock.tls.client-authentication=required",
                        "-Drootstock.tls.reload-period=500ms",
                        "-Drootstock.grpc.connection-age=3s",
                        "-Drootstock.auth.token-file=" + tokenFile,
                        "-Drootstock.auth.requests-per-second=0",
                        "-jar",
                        Service.REGISTRY.jar(root).toString()))
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("registry.log").toFile())
                .start();
    }

    int grpcPort() {
        return grpcPort;
    }

    int httpPort() {
        return httpPort;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, STOP_SECONDS, TimeUnit.SECONDS)
                .join();
        process.destroyForcibly();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
