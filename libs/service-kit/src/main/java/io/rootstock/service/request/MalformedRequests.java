package io.rootstock.service.request;

import io.grpc.BinaryLog;
import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.rootstock.service.Errors;
import java.util.Map;
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
}
