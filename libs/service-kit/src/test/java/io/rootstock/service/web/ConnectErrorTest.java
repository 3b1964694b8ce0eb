package io.rootstock.service.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectErrorTest {
    /** The table of the Connect protocol, by the names of gRPC. */
    private static final Map<Status.Code, Integer> HTTP = Map.ofEntries(
            Map.entry(Status.Code.OK, 200),
            Map.entry(Status.Code.CANCELLED, 499),
            Map.entry(Status.Code.UNKNOWN, 500),
            Map.entry(Status.Code.INVALID_ARGUMENT, 400),
            Map.entry(Status.Code.DEADLINE_EXCEEDED, 504),
            Map.entry(Status.Code.NOT_FOUND, 404),
            Map.entry(Status.Code.ALREADY_EXISTS, 409),
            Map.entry(Status.Code.PERMISSION_DENIED, 403),
            Map.entry(Status.Code.RESOURCE_EXHAUSTED, 429),
            Map.entry(Status.Code.FAILED_PRECONDITION, 400),
            Map.entry(Status.Code.ABORTED, 409),
            Map.entry(Status.Code.OUT_OF_RANGE, 400),
            Map.entry(Status.Code.UNIMPLEMENTED, 501),
            Map.entry(Status.Code.INTERNAL, 500),
            Map.entry(Status.Code.UNAVAILABLE, 503),
            Map.entry(Status.Code.DATA_LOSS, 500),
            Map.entry(Status.Code.UNAUTHENTICATED, 401));

    @Test
    void codesHaveTheHttpStatusOfTheProtocol() {
        for (Status.Code code : Status.Code.values()) {
            assertThat(ConnectError.of(code.toStatus(), new Metadata()).httpStatus())
                    .as(code.name())
                    .isEqualTo(HTTP.get(code));
        }
    }

    @Test
    void codesAreWrittenAsTheProtocolNamesThem() throws Exception {
        Map<Status.Code, String> names = Map.of(
                Status.Code.CANCELLED, "canceled",
                Status.Code.RESOURCE_EXHAUSTED, "resource_exhausted",
                Status.Code.DATA_LOSS, "data_loss");
        for (Map.Entry<Status.Code, String> name : names.entrySet()) {
            byte[] body =
                    ConnectError.of(name.getKey().toStatus(), new Metadata()).body();
            assertThat(new ObjectMapper().readTree(body).path("code").asText()).isEqualTo(name.getValue());
        }
    }

    @Test
    void anErrorWithoutDescriptionHasNoMessage() {
        assertThat(new String(
                        ConnectError.of(Status.ABORTED, new Metadata()).endOfStream(),
                        java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo("{\"error\":{\"code\":\"aborted\"}}");
    }
}
