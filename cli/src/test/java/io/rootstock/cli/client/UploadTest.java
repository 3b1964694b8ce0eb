package io.rootstock.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.installation.Service;
import io.rootstock.tokenizer.v1.Source;
import io.rootstock.tokenizer.v1.SourceServiceGrpc;
import io.rootstock.tokenizer.v1.UploadSourceRequest;
import io.rootstock.tokenizer.v1.UploadSourceResponse;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UploadTest {
    @TempDir
    private Path folder;

    @Test
    void uploadsAllBytesInOrderWithProgress() throws Exception {
        byte[] bytes = new byte[3_000_001];
        new Random(1).nextBytes(bytes);
        Path file = Files.write(folder.resolve("a.txt"), bytes);
        Receiver receiver = new Receiver(Long.MAX_VALUE);
        Server server = server(receiver);
        List<Long> progress = new ArrayList<>();
        try (Clients clients = clients(server)) {
            Source source = Upload.send(clients, file, progress::add);
            assertThat(source.getFileName()).isEqualTo("a.txt");
            assertThat(receiver.received.toByteArray()).isEqualTo(bytes);
            assertThat(progress).isSorted().endsWith((long) bytes.length);
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void reportsErrorDuringUpload() throws Exception {
        Path file = Files.write(folder.resolve("b.jsonl"), new byte[8_000_000]);
        Server server = server(new Receiver(1_000_000));
        try (Clients clients = clients(server)) {
            assertThatThrownBy(() -> Upload.send(clients, file, sent -> {}))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("too large");
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void rejectsUnsupportedExtension() throws Exception {
        Path file = Files.write(folder.resolve("c.parquet"), new byte[1]);
        assertThatThrownBy(() -> Upload.requireReadable(file)).hasMessageContaining("unsupported file extension");
        Upload.requireReadable(Files.write(folder.resolve("d.TSV.zst"), new byte[1]));
    }

    private static Server server(SourceServiceGrpc.SourceServiceImplBase sources) throws java.io.IOException {
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(sources)
                .build()
                .start();
    }

    private static Clients clients(Server server) {
        return new Clients(new Endpoints(
                Map.of(Service.TOKENIZER, "127.0.0.1:" + server.getPort()), Optional.empty(), Optional.empty()));
    }

    private static final class Receiver extends SourceServiceGrpc.SourceServiceImplBase {
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private final long maxBytes;

        private Receiver(long maxBytes) {
            this.maxBytes = maxBytes;
        }

        @Override
        public StreamObserver<UploadSourceRequest> uploadSource(StreamObserver<UploadSourceResponse> responses) {
            return new StreamObserver<>() {
                private String name = "";
                private boolean ended;

                @Override
                public void onNext(UploadSourceRequest part) {
                    if (part.hasHeader()) {
                        name = part.getHeader().getFileName();
                    }
                    received.writeBytes(part.getChunk().toByteArray());
                    if (received.size() > maxBytes && !ended) {
                        ended = true;
                        responses.onError(Status.RESOURCE_EXHAUSTED
                                .withDescription("too large")
                                .asRuntimeException());
                    }
                }

                @Override
                public void onError(Throwable failure) {
                    ended = true;
                }

                @Override
                public void onCompleted() {
                    if (!ended) {
                        responses.onNext(UploadSourceResponse.newBuilder()
                                .setSource(Source.newBuilder().setFileName(name))
                                .build());
                        responses.onCompleted();
                    }
                }
            };
        }
    }
}
