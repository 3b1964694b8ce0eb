package io.rootstock.inference.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.rootstock.service.Errors;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ApiErrorTest {
    private static String json(Object answer) {
        return new String(Json.bytes(answer), StandardCharsets.UTF_8);
    }

    @Test
    void errorsHaveTheirStatusFieldAndCode() {
        expect(
                ApiError.of(Errors.invalidArgument("n", "must be 1")),
                400,
                "invalid_request_error",
                "n",
                "invalid_value");
        expect(
                ApiError.of(Errors.notFound("models/m/aliases/production", "see")),
                404,
                "invalid_request_error",
                "model",
                "model_not_found");
        expect(
                ApiError.of(Errors.notFound("models/m/versions/1/adapters/a", "see")),
                404,
                "invalid_request_error",
                "adapter",
                "adapter_not_found");
        expect(
                ApiError.of(Errors.aborted("REQUEST_ABORTED", "")),
                409,
                "invalid_request_error",
                null,
                "request_aborted");
        ApiError full = ApiError.of(Errors.resourceExhausted("QUEUE_FULL", Duration.ofMillis(1250)));
        expect(full, 429, "rate_limit_error", null, "queue_full");
        assertThat(full.retryAfter()).contains(Duration.ofMillis(1250));
        expect(ApiError.of(Errors.diskFull()), 507, "server_error", null, "disk_full");
        ApiError draining = ApiError.of(Errors.unavailable("DRAINING", "later"));
        expect(draining, 503, "server_error", null, "draining");
        assertThat(draining.retryAfter()).isPresent();
        ApiError defect = ApiError.of(new IllegalStateException("secret"));
        expect(defect, 500, "server_error", null, "internal");
        assertThat(json(defect.body())).doesNotContain("secret");
        expect(ApiError.of(Status.DEADLINE_EXCEEDED.asRuntimeException()), 504, "server_error", null, "internal");
    }

    private static void expect(ApiError error, int status, String type, String param, String code) {
        assertThat(error.status()).isEqualTo(status);
        ApiError.Description told = error.body().error();
        assertThat(told.type()).isEqualTo(type);
        assertThat(told.param()).isEqualTo(param);
        assertThat(told.code()).isEqualTo(code);
    }
}
