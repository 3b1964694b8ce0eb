package io.rootstock.cli.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.JobServiceGrpc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class ErrorReportTest {
    @Test
    void listsInvalidFields() {
        StatusRuntimeException failure = StatusProto.toStatusRuntimeException(Status.newBuilder()
                .setCode(Code.INVALID_ARGUMENT_VALUE)
                .setMessage("sources[0].weight: must be at least 0, was -1")
                .addDetails(Any.pack(ErrorInfo.newBuilder()
                        .setReason("INVALID_FIELD")
                        .setDomain("rootstock")
                        .build()))
                .addDetails(Any.pack(BadRequest.newBuilder()
                        .addFieldViolations(BadRequest.FieldViolation.newBuilder()
                                .setField("sources[0].weight")
                                .setDescription("must be at least 0, was -1"))
                        .build()))
                .build());
        assertThat(ErrorReport.of(failure).lines())
                .containsExactly(
                        "error: invalid request",
                        "  sources[0].weight: must be at least 0, was -1",
                        "code: INVALID_ARGUMENT (INVALID_FIELD)");
    }

    @Test
    void hintsRetryDelay() {
        StatusRuntimeException failure = StatusProto.toStatusRuntimeException(Status.newBuilder()
                .setCode(Code.RESOURCE_EXHAUSTED_VALUE)
                .setMessage("the queue is full")
                .addDetails(Any.pack(RetryInfo.newBuilder()
                        .setRetryDelay(Duration.newBuilder().setSeconds(1).setNanos(500_000_000))
                        .build()))
                .build());
        ErrorReport report = ErrorReport.of(failure);
        assertThat(report.code()).isEqualTo("RESOURCE_EXHAUSTED");
        assertThat(report.hint()).isEqualTo("retry after 1.5 s");
    }

    @Test
    @Timeout(60)
    void saysThatTheServiceStoppedDuringTheCall() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread stopping = Thread.ofVirtual().start(() -> {
                try (Socket connection = server.accept()) {
                    // HTTP/2 settings without values, as a server that accepts the connection.
                    connection.getOutputStream().write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
                    // The client's preface and frames: the call has begun.
                    assertThat(connection.getInputStream().readNBytes(100)).hasSize(100);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getLocalPort())
                    .usePlaintext()
                    .disableRetry()
                    .build();
            try {
                StatusRuntimeException failure = catchThrowableOfType(
                        StatusRuntimeException.class,
                        () -> JobServiceGrpc.newBlockingStub(channel).getJob(GetJobRequest.getDefaultInstance()));
                assertThat(ErrorReport.of(failure).lines())
                        .hasSize(3)
                        .satisfies(lines -> assertThat(lines.getFirst())
                                .startsWith("error: the connection to the service was lost during the call ("))
                        .element(1)
                        .isEqualTo("hint: see `rootstock status`; the service may have done what was requested: check"
                                + " before you repeat it");
            } finally {
                channel.shutdownNow();
                stopping.join();
            }
        }
    }

    @Test
    void saysHowToGetAccess() {
        StatusRuntimeException unknown = io.grpc.Status.UNAUTHENTICATED
                .withDescription("the token is unknown")
                .asRuntimeException();
        assertThat(ErrorReport.of(unknown).lines())
                .containsExactly(
                        "error: the token is unknown",
                        "hint: set --token-file FILE, ROOTSTOCK_TOKEN or ROOTSTOCK_AUTH_TOKEN_FILE",
                        "code: UNAUTHENTICATED");
        StatusRuntimeException denied = io.grpc.Status.PERMISSION_DENIED
                .withDescription("users/alice lacks the role promoter")
                .asRuntimeException();
        assertThat(ErrorReport.of(denied).lines())
                .containsExactly(
                        "error: users/alice lacks the role promoter",
                        "hint: see your roles with: rootstock whoami",
                        "code: PERMISSION_DENIED");
        assertThat(ErrorReport.isAccessDenied(unknown)).isTrue();
        assertThat(ErrorReport.isAccessDenied(denied)).isTrue();
        assertThat(ErrorReport.isAccessDenied(io.grpc.Status.NOT_FOUND.asRuntimeException()))
                .isFalse();
    }

    @Test
    void printsMessageOfErrorWithoutDetails() {
        assertThat(ErrorReport.of(io.grpc.Status.NOT_FOUND
                                .withDescription("models/x does not exist; rootstock models list")
                                .asRuntimeException())
                        .lines())
                .containsExactly("error: models/x does not exist; rootstock models list", "code: NOT_FOUND");
    }
}
