package io.rootstock.service;

import io.grpc.Attributes;
import io.grpc.BinaryLog;
import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.SecurityLevel;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.grpc.api.ServerBuilderCustomizer;
import io.quarkus.grpc.runtime.config.GrpcServerConfiguration;
import io.vertx.grpc.VertxServerBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Ends calls whose request is not a message of the contract with INVALID_ARGUMENT, reason MALFORMED_REQUEST, and one line in
 * the log. A message that exceeds the size limit once it is decompressed ends them with RESOURCE_EXHAUSTED.
 *
 * <p>The binary log is gRPC's only hook outside of all interceptors that may replace the marshaller of a method.
 */
final class MalformedRequests extends BinaryLog {
    private static final Logger LOG = Logger.getLogger(MalformedRequests.class);

    private final MeterRegistry meters;

    MalformedRequests(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public <Q, R> ServerMethodDefinition<?, ?> wrapMethodDefinition(ServerMethodDefinition<Q, R> definition) {
        MethodDescriptor<Q, R> method = definition.getMethodDescriptor();
        ServerCallHandler<Q, R> handler = definition.getServerCallHandler();
        MethodDescriptor<Decoded<Q>, R> decoding = method.toBuilder(
                        new DecodingMarshaller<>(method.getRequestMarshaller()), method.getResponseMarshaller())
                .build();
        return ServerMethodDefinition.create(decoding, (call, headers) -> {
            DecodedCall<Q, R> decoded = new DecodedCall<>(call, method);
            return new DecodedListener<>(
                    handler.startCall(decoded, headers), decoded, malformed -> refuse(decoded, malformed.reason()));
        });
    }

    @Override
    public Channel wrapChannel(Channel channel) {
        return channel;
    }

    @Override
    public void close() {}

    private void refuse(DecodedCall<?, ?> call, Status reason) {
        String method = call.getMethodDescriptor().getFullMethodName();
        String why = reason.getCause() == null
                ? String.valueOf(reason.getDescription())
                : String.valueOf(reason.getCause().getMessage());
        Runnable report = () -> report(call, why);
        if (reason.getCode() == Status.Code.RESOURCE_EXHAUSTED) {
            call.refuse(reason.withCause(null), new Metadata(), report);
            return;
        }
        StatusRuntimeException error = Errors.invalidArguments(
                "MALFORMED_REQUEST",
                Map.of(
                        "request",
                        "is not a valid message of " + method + " (" + why
                                + "); compare the contracts of the client with those of the service"));
        call.refuse(error.getStatus(), error.getTrailers() == null ? new Metadata() : error.getTrailers(), report);
    }

    private void report(DecodedCall<?, ?> call, String why) {
        String method = call.getMethodDescriptor().getFullMethodName();
        Counter.builder("rootstock.grpc.malformed.requests")
                .description("Calls that ended because of a request that cannot be decoded")
                .tag("method", method)
                .register(meters)
                .increment();
        LOG.warnf(
                "%s: malformed request from %s: %s",
                method, call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR), why);
    }

    /** A decoded request, or the reason why its bytes are not one. */
    sealed interface Decoded<Q> {
        /**
         * A request of the contract.
         *
         * @param request the message
         */
        record Message<Q>(Q request) implements Decoded<Q> {}

        /**
         * Bytes that are not a request.
         *
         * @param reason the decoder's status
         */
        record Malformed<Q>(Status reason) implements Decoded<Q> {}
    }

    /**
     * Decodes requests without exceptions: gRPC reports an exception of a marshaller as UNKNOWN and logs its stack trace.
     *
     * @param marshaller decoder of the contract
     */
    private record DecodingMarshaller<Q>(Marshaller<Q> marshaller) implements Marshaller<Decoded<Q>> {
        @Override
        public InputStream stream(Decoded<Q> request) {
            throw new UnsupportedOperationException("a server only reads requests");
        }

        @Override
        public Decoded<Q> parse(InputStream bytes) {
            try {
                return new Decoded.Message<>(marshaller.parse(bytes));
            } catch (RuntimeException e) {
                return new Decoded.Malformed<>(Status.fromThrowable(e));
            }
        }
    }

    /** Forwards the requests of a call to its method until one is malformed. */
    private static final class DecodedListener<Q> extends ServerCall.Listener<Decoded<Q>> {
        private final ServerCall.Listener<Q> listener;
        private final DecodedCall<Q, ?> call;
        private final Consumer<Decoded.Malformed<Q>> refusal;

        /** @param refusal ends the call */
        DecodedListener(
                ServerCall.Listener<Q> listener, DecodedCall<Q, ?> call, Consumer<Decoded.Malformed<Q>> refusal) {
            this.listener = listener;
            this.call = call;
            this.refusal = refusal;
        }

        @Override
        public void onMessage(Decoded<Q> decoded) {
            switch (decoded) {
                case Decoded.Message<Q>(Q request) -> unlessRefused(() -> listener.onMessage(request));
                case Decoded.Malformed<Q> malformed -> refusal.accept(malformed);
            }
        }

        @Override
        public void onHalfClose() {
            unlessRefused(listener::onHalfClose);
        }

        @Override
        public void onReady() {
            unlessRefused(listener::onReady);
        }

        @Override
        public void onCancel() {
            listener.onCancel();
        }

        @Override
        public void onComplete() {
            if (call.isRefused()) {
                listener.onCancel();
            } else {
                listener.onComplete();
            }
        }

        private void unlessRefused(Runnable event) {
            if (!call.isRefused()) {
                event.run();
            }
        }
    }

    /**
     * A call with the method of the contract. Once a malformed request has ended it, its method sees a cancelled call, and what
     * the method still sends is discarded.
     */
    private static final class DecodedCall<Q, R> extends ServerCall<Q, R> {
        private final ServerCall<Decoded<Q>, R> call;
        private final MethodDescriptor<Q, R> method;
        /** A call is not safe for several threads. */
        private final ReentrantLock lock = new ReentrantLock();

        private boolean closed;
        private volatile boolean refused;

        DecodedCall(ServerCall<Decoded<Q>, R> call, MethodDescriptor<Q, R> method) {
            this.call = call;
            this.method = method;
        }

        /**
         * Ends the call because of a malformed request; has no effect on a closed call.
         *
         * @param report runs before the client learns of the end
         */
        void refuse(Status status, Metadata trailers, Runnable report) {
            lock.lock();
            try {
                if (!closed) {
                    closed = true;
                    refused = true;
                    report.run();
                    call.close(status, trailers);
                }
            } finally {
                lock.unlock();
            }
        }

        /** Whether {@link #refuse} has ended the call. */
        boolean isRefused() {
            return refused;
        }

        @Override
        public void request(int messages) {
            call.request(messages);
        }

        @Override
        public void sendHeaders(Metadata headers) {
            unlessRefused(() -> call.sendHeaders(headers));
        }

        @Override
        public void sendMessage(R message) {
            unlessRefused(() -> call.sendMessage(message));
        }

        @Override
        public void close(Status status, Metadata trailers) {
            unlessRefused(() -> {
                closed = true;
                call.close(status, trailers);
            });
        }

        @Override
        public boolean isReady() {
            return call.isReady();
        }

        @Override
        public boolean isCancelled() {
            return refused || call.isCancelled();
        }

        @Override
        public void setMessageCompression(boolean enabled) {
            call.setMessageCompression(enabled);
        }

        @Override
        public void setCompression(String compressor) {
            call.setCompression(compressor);
        }

        @Override
        public void setOnReadyThreshold(int bytes) {
            call.setOnReadyThreshold(bytes);
        }

        @Override
        public SecurityLevel getSecurityLevel() {
            return call.getSecurityLevel();
        }

        @Override
        public Attributes getAttributes() {
            return call.getAttributes();
        }

        @Override
        public String getAuthority() {
            return call.getAuthority();
        }

        @Override
        public MethodDescriptor<Q, R> getMethodDescriptor() {
            return method;
        }

        private void unlessRefused(Runnable action) {
            lock.lock();
            try {
                if (!refused) {
                    action.run();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Installs {@link MalformedRequests} in the gRPC server. */
    @ApplicationScoped
    static class RequestDecoding implements ServerBuilderCustomizer<VertxServerBuilder> {
        private final MeterRegistry meters;

        @Inject
        RequestDecoding(MeterRegistry meters) {
            this.meters = meters;
        }

        @Override
        public void customize(GrpcServerConfiguration configuration, VertxServerBuilder builder) {
            builder.nettyBuilder().setBinaryLog(new MalformedRequests(meters));
        }
    }
}
