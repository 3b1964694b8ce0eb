package io.rootstock.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.service.ErrorDetails;
import io.rootstock.service.GrpcChannels;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(AuthenticationTest.WithToken.class)
class AuthenticationTest {
    private static final String TOKEN = "0123456789abcdef";

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    @Inject
    GrpcChannels channels;

    private ManagedChannel plain;

    /** A service that requires a token. */
    public static final class WithToken implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            try {
                Path file = Files.createTempFile("rootstock", ".token");
                file.toFile().deleteOnExit();
                Files.writeString(file, TOKEN + "\n");
                return Map.of("rootstock.auth.token-file", file.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @BeforeEach
    void open() {
        plain = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();
    }

    @AfterEach
    void close() {
        plain.shutdownNow();
    }

    @Test
    void refusesACallWithoutTheToken() {
        StatusRuntimeException failure = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> InferenceServiceGrpc.newBlockingStub(plain).classify(ClassifyRequest.getDefaultInstance()));

        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(ErrorDetails.reason(failure)).contains("TOKEN_REQUIRED");
    }

    @Test
    void refusesAWrongToken() {
        for (String value : new String[] {"Bearer 0123456789abcdeg", "Bearer ", TOKEN, "Basic " + TOKEN}) {
            Metadata headers = new Metadata();
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), value);
            StatusRuntimeException failure = catchThrowableOfType(
                    StatusRuntimeException.class,
                    () -> InferenceServiceGrpc.newBlockingStub(plain)
                            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                            .classify(ClassifyRequest.getDefaultInstance()));
            assertThat(failure.getStatus().getCode()).as(value).isEqualTo(Status.Code.UNAUTHENTICATED);
        }
    }

    @Test
    void letsTheKitsOwnChannelsIn() {
        ManagedChannel channel = channels.open("127.0.0.1:" + port);
        try {
            assertThat(InferenceServiceGrpc.newBlockingStub(channel)
                            .classify(ClassifyRequest.getDefaultInstance())
                            .getVersion())
                    .isNotEmpty();
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void answersProbesWithoutAToken() {
        assertThat(HealthGrpc.newBlockingStub(plain)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatusValue())
                .isEqualTo(1);
    }
}
