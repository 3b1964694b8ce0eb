package io.rootstock.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.ResourceInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ErrorsTest {
    @Test
    void alwaysCarryACodeAReasonAndTheDomain() {
        Map<StatusRuntimeException, Status.Code> errors = Map.of(
                Errors.invalidArgument("a", "b"), Status.Code.INVALID_ARGUMENT,
                Errors.notFound("datasets/x", "list them"), Status.Code.NOT_FOUND,
                Errors.alreadyExists("datasets/x", "choose another id"), Status.Code.ALREADY_EXISTS,
                Errors.failedPrecondition("NOT_RUNNING", "it is not running"), Status.Code.FAILED_PRECONDITION,
                Errors.aborted("STALE_ETAG", "read it again"), Status.Code.ABORTED,
                Errors.resourceExhausted("QUEUE_FULL", Duration.ofSeconds(2)), Status.Code.RESOURCE_EXHAUSTED,
                Errors.unavailable("DRAINING", "going down"), Status.Code.UNAVAILABLE,
                Errors.dataLoss("ARTIFACT_CORRUPT", "it is corrupt"), Status.Code.DATA_LOSS,
                Errors.unauthenticated("no token"), Status.Code.UNAUTHENTICATED,
                Errors.internal("42"), Status.Code.INTERNAL);

        errors.forEach((error, code) -> {
            assertThat(error.getStatus().getCode()).isEqualTo(code);
            ErrorInfo info = ErrorDetails.find(error, ErrorInfo.class).orElseThrow();
            assertThat(info.getDomain()).isEqualTo("rootstock");
            assertThat(info.getReason()).matches("[A-Z][A-Z_]+");
        });
    }

    @Test
    void nameEveryBadField() {
        Map<String, String> violations = new LinkedHashMap<>();
        violations.put("sources[0].weight", "must be at least 0, was -1");
        violations.put("sources[1].name", "must not be empty");
        StatusRuntimeException error = Errors.invalidArguments(violations);

        assertThat(error.getStatus().getDescription())
                .isEqualTo("sources[0].weight: must be at least 0, was -1; sources[1].name: must not be empty");
        assertThat(ErrorDetails.find(error, BadRequest.class).orElseThrow().getFieldViolationsList())
                .extracting(BadRequest.FieldViolation::getField)
                .containsExactly("sources[0].weight", "sources[1].name");
    }

    @Test
    void sayWhenToRetry() {
        StatusRuntimeException error = Errors.resourceExhausted("QUEUE_FULL", Duration.ofMillis(2_500));

        assertThat(ErrorDetails.retryAfter(error)).contains(Duration.ofMillis(2_500));
        assertThat(error.getStatus().getDescription()).isEqualTo("queue full; retry in 2500 ms");
    }

    @Test
    void sayWhatIsNotThereAndWhatToDo() {
        StatusRuntimeException error = Errors.notFound("datasets/x", "prepare it first");

        assertThat(error.getStatus().getDescription()).isEqualTo("datasets/x does not exist; prepare it first");
        assertThat(ErrorDetails.find(error, ResourceInfo.class).orElseThrow().getResourceName())
                .isEqualTo("datasets/x");
    }

    @Test
    void areAbsentFromAPlainFailure() {
        assertThat(ErrorDetails.reason(Status.UNAVAILABLE.asRuntimeException())).isEmpty();
        assertThat(ErrorDetails.reason(new IllegalStateException("no status"))).isEmpty();
    }

    @Test
    void longTextsOfCallersDoNotExceedTheHeadersOfClients() {
        String name = "x".repeat(100_000);
        for (StatusRuntimeException error : List.of(
                Errors.notFound("models/" + name, "list the models"),
                Errors.invalidArgument("name", "must be a name, was " + name),
                Errors.failedPrecondition("X", name))) {
            assertThat(error.getStatus().getDescription()).hasSizeLessThanOrEqualTo(1003);
            assertThat(StatusProto.fromThrowable(error).getSerializedSize()).isLessThan(4096);
        }
    }
}
