package io.rootstock.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetriesTest {
    private static final MethodDescriptor<String, String> READ =
            method("Read").setSafe(true).build();
    private static final MethodDescriptor<String, String> PUT =
            method("Put").setIdempotent(true).build();
    private static final MethodDescriptor<String, String> ADD = method("Add").build();
    private static final ServiceDescriptor SERVICE = ServiceDescriptor.newBuilder("test.Service")
            .addMethod(READ)
            .addMethod(PUT)
            .addMethod(ADD)
            .build();

    private final AtomicInteger calls = new AtomicInteger();
    private Server server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(SERVICE);
        for (MethodDescriptor<String, String> method : List.of(READ, PUT, ADD)) {
            service.addMethod(method, ServerCalls.asyncUnaryCall((request, answer) -> {
                if (calls.incrementAndGet() == 1) {
                    answer.onError(Status.UNAVAILABLE.asRuntimeException());
                } else {
                    answer.onNext(request);
                    answer.onCompleted();
                }
            }));
        }
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(service.build())
                .build()
                .start();
        channel = ServiceChannel.open("127.0.0.1:" + server.getPort(), Optional.empty(), Optional.empty(), SERVICE);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void methodsWithoutSideEffectsAreRepeated() {
        assertThat(call(READ)).isEqualTo("x");
        assertThat(calls).hasValue(2);
    }

    @Test
    void idempotentMethodsAreRepeated() {
        assertThat(call(PUT)).isEqualTo("x");
        assertThat(calls).hasValue(2);
    }

    @Test
    void otherMethodsAreCalledOnce() {
        assertThatThrownBy(() -> call(ADD))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        failure -> assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
        assertThat(calls).hasValue(1);
    }

    private String call(MethodDescriptor<String, String> method) {
        return ClientCalls.blockingUnaryCall(channel, method, CallOptions.DEFAULT, "x");
    }

    private static MethodDescriptor.Builder<String, String> method(String name) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("test.Service/" + name)
                .setRequestMarshaller(new Text())
                .setResponseMarshaller(new Text());
    }

    private static final class Text implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String text) {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
