package io.rootstock.cli.command.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.rootstock.cli.Rootstock;
import io.rootstock.registry.v1.AdminServiceGrpc;
import io.rootstock.registry.v1.Backup;
import io.rootstock.registry.v1.CopyProgress;
import io.rootstock.registry.v1.CreateBackupRequest;
import io.rootstock.registry.v1.CreateBackupResponse;
import io.rootstock.registry.v1.VerifyRequest;
import io.rootstock.registry.v1.VerifyResponse;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs {@code rootstock admin} against a registry that records the requests. */
class AdminCommandsTest {
    private final List<String> requests = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Backup.Builder result = Backup.newBuilder()
            .setName("backup-20260102t030405.678z")
            .setRows(2500)
            .setArtifacts(12)
            .setArtifactBytes(3_000_000_000L)
            .setCopiedArtifacts(2)
            .setCopiedBytes(1_000_000);

    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Admin())
                .build()
                .start();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void aBackupIsWrittenToAnAbsoluteDirectoryOrAnAddress() {
        assertThat(run("admin", "backup", "--to", "copies")).isZero();
        assertThat(run("admin", "backup", "--to", "s3://b/p?region=r")).isZero();
        assertThat(requests).containsExactly("to " + Path.of("copies").toAbsolutePath(), "to s3://b/p?region=r");
        assertThat(out.toString())
                .contains("backup-20260102t030405.678z: 2500 rows, 12 artifacts (3.00 GB), copied 2 (1.00 MB)");
        assertThat(run("admin", "backup")).isEqualTo(2);
        assertThat(err.toString()).contains("--to");
    }

    @Test
    void danglingDigestsAreListedAndAreAFailure() {
        result.clearName().addDangling("sha256:" + "a".repeat(64)).setDanglingTotal(30);
        assertThat(run("admin", "verify")).isEqualTo(1);
        assertThat(run("admin", "verify", "--from", "/b", "--backup", "backup-1"))
                .isEqualTo(1);
        assertThat(requests).containsExactly("from  backup ", "from /b backup backup-1");
        assertThat(out.toString())
                .contains("installation: 2500 rows", "30 dangling", "dangling: sha256:aaaa", "and 10 more");
        assertThat(err.toString()).contains("30 artifacts missing or damaged");
        assertThat(run("admin", "verify", "--backup", "backup-1")).isEqualTo(2);
        assertThat(err.toString()).contains("--backup needs --from");
    }

    private int run(String... arguments) {
        return Rootstock.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(Stream.concat(
                                Stream.of(arguments), Stream.of("--registry-endpoint", "127.0.0.1:" + server.getPort()))
                        .toArray(String[]::new));
    }

    private final class Admin extends AdminServiceGrpc.AdminServiceImplBase {
        @Override
        public void createBackup(CreateBackupRequest request, StreamObserver<CreateBackupResponse> observer) {
            requests.add("to " + request.getTo());
            observer.onNext(CreateBackupResponse.newBuilder()
                    .setProgress(CopyProgress.newBuilder()
                            .setPhase("copying artifacts")
                            .setArtifacts(1)
                            .setArtifactsTotal(12)
                            .setBytes(5)
                            .setBytesTotal(10))
                    .build());
            observer.onNext(CreateBackupResponse.newBuilder().setBackup(result).build());
            observer.onCompleted();
        }

        @Override
        public void verify(VerifyRequest request, StreamObserver<VerifyResponse> observer) {
            requests.add("from " + request.getFrom() + " backup " + request.getBackup());
            observer.onNext(VerifyResponse.newBuilder().setResult(result).build());
            observer.onCompleted();
        }
    }
}
