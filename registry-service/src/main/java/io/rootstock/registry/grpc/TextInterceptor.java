package io.rootstock.registry.grpc;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GlobalInterceptor;
import io.rootstock.service.Errors;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.spi.Prioritized;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rejects requests that have a text with U+0000, which PostgreSQL does not accept; INVALID_ARGUMENT names the field. */
@GlobalInterceptor
@ApplicationScoped
public class TextInterceptor implements ServerInterceptor, Prioritized {
    /** Before the audit log stores the request. */
    private static final int PRIORITY = 2000;

    @Override
    public int getPriority() {
        return PRIORITY;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            private boolean rejected;

            @Override
            public void onMessage(Q request) {
                Optional<String> field =
                        request instanceof Message message && !rejected ? fieldWithNul(message) : Optional.empty();
                if (field.isPresent()) {
                    rejected = true;
                    StatusRuntimeException rejection =
                            Errors.invalidArgument(field.get(), "must not contain the character U+0000");
                    call.close(rejection.getStatus(), rejection.getTrailers());
                } else if (!rejected) {
                    super.onMessage(request);
                }
            }

            @Override
            public void onHalfClose() {
                if (!rejected) {
                    super.onHalfClose();
                }
            }
        };
    }

    /** Returns the path of the first field that has a text with U+0000. */
    static Optional<String> fieldWithNul(Message message) {
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            FieldDescriptor descriptor = field.getKey();
            Optional<String> found = descriptor.isMapField()
                    ? inMap(descriptor, (List<?>) field.getValue())
                    : descriptor.isRepeated()
                            ? inList(descriptor, (List<?>) field.getValue())
                            : inValue(descriptor.getName(), field.getValue());
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> inMap(FieldDescriptor field, List<?> entries) {
        return entries.stream()
                .map(entry -> fieldWithNul((Message) entry).map(part -> field.getName()))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> inList(FieldDescriptor field, List<?> values) {
        for (int i = 0; i < values.size(); i++) {
            Optional<String> found = inValue(field.getName() + "[" + i + "]", values.get(i));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> inValue(String path, Object value) {
        return switch (value) {
            case String text when text.indexOf('\0') >= 0 -> Optional.of(path);
            case Message message -> fieldWithNul(message).map(part -> path + "." + part);
            default -> Optional.empty();
        };
    }
}
