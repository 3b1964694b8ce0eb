package io.rootstock.cli.error;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import org.junit.jupiter.api.Test;

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
    void printsMessageOfErrorWithoutDetails() {
        assertThat(ErrorReport.of(io.grpc.Status.NOT_FOUND
                                .withDescription("models/x does not exist; rootstock models list")
                                .asRuntimeException())
                        .lines())
                .containsExactly("error: models/x does not exist; rootstock models list", "code: NOT_FOUND");
    }
}
