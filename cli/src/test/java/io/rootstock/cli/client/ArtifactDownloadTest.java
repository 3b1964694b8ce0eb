package io.rootstock.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.error.CliException;
import io.rootstock.cli.installation.Service;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ReadArtifactRequest;
import io.rootstock.trainer.v1.ReadArtifactResponse;
import io.rootstock.trainer.v1.TrainerServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ArtifactDownloadTest {
    @TempDir
    private Path folder;

    @Test
    void writesFilesOfDirectoryArtifact() throws Exception {
        List<Long> progress = new ArrayList<>();
        download(
                List.of(
                        name("config.json"),
                        chunk("{"),
                        chunk("}"),
                        name("below/empty"),
                        name("below/b.txt"),
                        chunk("b")),
                progress);

        assertThat(folder.resolve("model/config.json")).hasContent("{}");
        assertThat(folder.resolve("model/below/empty")).isEmptyFile();
        assertThat(folder.resolve("model/below/b.txt")).hasContent("b");
        assertThat(progress).containsExactly(1L, 2L, 3L);
    }

    @Test
    void rejectsFileNamesOutsideTheTarget() {
        for (String outside : List.of("../other", "below/../../other", "/etc/other", ".")) {
            assertThatThrownBy(() -> download(List.of(name(outside), chunk("x")), new ArrayList<>()))
                    .isInstanceOf(CliException.class)
                    .hasMessageContaining("outside the target directory");
        }
        assertThat(Files.exists(folder.resolve("other"))).isFalse();
    }

    private void download(List<ReadArtifactResponse> parts, List<Long> progress) throws IOException {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new TrainerServiceGrpc.TrainerServiceImplBase() {
                    @Override
                    public void readArtifact(
                            ReadArtifactRequest request, StreamObserver<ReadArtifactResponse> responses) {
                        parts.forEach(responses::onNext);
                        responses.onCompleted();
                    }
                })
                .build()
                .start();
        try (Clients clients = new Clients(new Endpoints(
                Map.of(Service.TRAINER, "127.0.0.1:" + server.getPort()), Optional.empty(), Optional.empty()))) {
            new ArtifactDownload(clients, progress::add)
                    .directory(Artifact.getDefaultInstance(), folder.resolve("model"));
        } finally {
            server.shutdownNow();
        }
    }

    private static ReadArtifactResponse name(String name) {
        return ReadArtifactResponse.newBuilder().setFileName(name).build();
    }

    private static ReadArtifactResponse chunk(String text) {
        return ReadArtifactResponse.newBuilder()
                .setChunk(ByteString.copyFromUtf8(text))
                .build();
    }
}
