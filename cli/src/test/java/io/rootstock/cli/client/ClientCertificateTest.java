package io.rootstock.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.installation.Service;
import io.rootstock.client.tls.SecretVolume;
import io.rootstock.client.tls.TestAuthority;
import io.rootstock.registry.v1.ListModelsRequest;
import io.rootstock.registry.v1.ListModelsResponse;
import io.rootstock.registry.v1.ModelServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls of the command line to a server that requires client certificates. */
class ClientCertificateTest {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path directory;

    private final TestAuthority authority = new TestAuthority("authority");
    private SecretVolume client;
    private Server server;

    @BeforeEach
    void start() throws IOException {
        SecretVolume files = new SecretVolume(directory.resolve("server"));
        files.replace(authority.issue("server", DAY, "127.0.0.1"), authority.certificate());
        client = new SecretVolume(directory.resolve("client"));
        client.replace(authority.issue("user", DAY), authority.certificate());
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sslContext(GrpcSslContexts.forServer(
                                files.certificate().toFile(), files.key().toFile())
                        .trustManager(files.authority().toFile())
                        .clientAuth(ClientAuth.REQUIRE)
                        .build())
                .addService(new ModelServiceGrpc.ModelServiceImplBase() {
                    @Override
                    public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> answers) {
                        answers.onNext(ListModelsResponse.getDefaultInstance());
                        answers.onCompleted();
                    }
                })
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void presentsTheCertificate() {
        assertThat(list(Optional.of(client.certificate()), Optional.of(client.key())))
                .isEqualTo(ListModelsResponse.getDefaultInstance());
    }

    @Test
    void isRefusedWithoutOne() {
        assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> list(Optional.empty(), Optional.empty()))
                        .getStatus()
                        .getCode())
                .isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void namesTheOptionOfAMissingFile() {
        assertThatThrownBy(() -> list(Optional.of(client.certificate()), Optional.empty()))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("--client-certificate is set without --client-key");
        Path absent = directory.resolve("absent");
        assertThatThrownBy(() -> list(Optional.of(client.certificate()), Optional.of(absent)))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("--client-key: cannot read " + absent);
    }

    private ListModelsResponse list(Optional<Path> certificate, Optional<Path> key) {
        Endpoints endpoints = new Endpoints(
                Map.of(Service.REGISTRY, "127.0.0.1:" + server.getPort()),
                Optional.empty(),
                Optional.of(client.authority()),
                certificate,
                key);
        try (Clients clients = new Clients(endpoints)) {
            return clients.models().listModels(ListModelsRequest.getDefaultInstance());
        }
    }
}
