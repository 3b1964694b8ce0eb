package io.rootstock.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class MalformedRequestTest {
    private static final String CLASSIFY =
            InferenceServiceGrpc.getClassifyMethod().getFullMethodName();
    /** Field 1 of 127 bytes, of which none follows. */
    private static final byte[] TRUNCATED = {0x0a, 0x7f};

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    @ConfigProperty(name = "quarkus.grpc.server.test-port")
    int port;

    @Inject
    GrpcChannels channels;

    @Inject
    MeterRegistry meters;

    private final List<LogRecord> logged = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            logged.add(line);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final List<Logger> loggers =
            List.of(Logger.getLogger("io.grpc"), Logger.getLogger(MalformedRequests.class.getName()));
    private ManagedChannel channel;

    @BeforeEach
    void open() {
        loggers.forEach(logger -> logger.addHandler(handler));
        channel = channels.open("127.0.0.1:" + port);
    }

    @AfterEach
    void close() {
        loggers.forEach(logger -> logger.removeHandler(handler));
        channel.shutdownNow();
    }

    @Test
    void endsTheCallWithInvalidArgumentAndOneLineInTheLog() {
        for (String method : List.of("Classify", "Embed", "GenerateStream")) {
            logged.clear();
            StatusRuntimeException failure =
                    catchThrowableOfType(StatusRuntimeException.class, () -> send(method, TRUNCATED));
            assertThat(failure.getStatus().getCode()).as(method).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(failure.getStatus().getDescription())
                    .contains(InferenceServiceGrpc.SERVICE_NAME + "/" + method)
                    .contains("compare the contracts");
            assertThat(ErrorDetails.reason(failure)).contains("MALFORMED_REQUEST");
            assertThat(logged).as(method).hasSize(1);
            assertThat(logged.getFirst().getThrown()).isNull();
        }
        assertThat(meters.get("rootstock.grpc.malformed.requests")
                        .tag("method", CLASSIFY)
                        .counter()
                        .count())
                .isPositive();
    }

    @Test
    void doesNotAffectOtherCalls() {
        byte[] valid = ClassifyRequest.newBuilder().setModel("fine").build().toByteArray();
        assertThat(send("Classify", valid)).isNotEmpty();
        assertThat(logged).isEmpty();
    }

    private byte[] send(String method, byte[] request) {
        MethodDescriptor<byte[], byte[]> bytes = MethodDescriptor.newBuilder(BYTES, BYTES)
                .setType(
                        method.endsWith("Stream")
                                ? MethodDescriptor.MethodType.SERVER_STREAMING
                                : MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(InferenceServiceGrpc.SERVICE_NAME, method))
                .build();
        if (bytes.getType() == MethodDescriptor.MethodType.UNARY) {
            return ClientCalls.blockingUnaryCall(channel, bytes, CallOptions.DEFAULT, request);
        }
        return ClientCalls.blockingServerStreamingCall(channel, bytes, CallOptions.DEFAULT, request)
                .next();
    }
}
