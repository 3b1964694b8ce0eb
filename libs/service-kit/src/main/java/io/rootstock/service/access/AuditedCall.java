package io.rootstock.service.access;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import com.google.protobuf.util.JsonFormat;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.rootstock.client.CallReason;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/** A call that the audit log records: before its method runs, and when it ends. */
final class AuditedCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
    private static final Logger LOGGER = Logger.getLogger(AuditedCall.class);
    private static final int MAX_REASON_LENGTH = 1024;
    /** More than any name that is valid, and less than PostgreSQL can index. */
    private static final int MAX_NAME_LENGTH = 512;

    private final Metadata headers;
    private final Caller caller;
    private final AuditLog log;
    private final ResourceScopes scopes;
    private OptionalLong number = OptionalLong.empty();
    private String response = "";
    private boolean ended;

    AuditedCall(ServerCall<Q, R> call, Metadata headers, Caller caller, AuditLog log, ResourceScopes scopes) {
        super(call);
        this.headers = headers;
        this.caller = caller;
        this.log = log;
        this.scopes = scopes;
    }

    /** Records the first message of the request; later ones are parts of it. */
    synchronized void begin(Message request, List<MethodAccess.Named> resources) {
        if (number.isPresent()) {
            return;
        }
        String before = resources.isEmpty()
                ? ""
                : scopes.state(resources.getFirst().resource())
                        .map(AuditText::of)
                        .orElse("");
        number = OptionalLong.of(log.begin(new AuditLog.Entry(
                caller.name(),
                peer(),
                getMethodDescriptor().getFullMethodName(),
                resources.stream()
                        .map(named -> AuditText.of(named.resource(), MAX_NAME_LENGTH))
                        .toList(),
                AuditText.of(request),
                reason(request),
                before)));
    }

    @Override
    public void sendMessage(R message) {
        synchronized (this) {
            if (response.isEmpty()) {
                response = AuditText.of((Message) message);
            }
        }
        super.sendMessage(message);
    }

    @Override
    public void close(Status status, Metadata trailers) {
        end(status.getCode());
        super.close(status, trailers);
    }

    /** Records how the call ended, once. A client may cancel a call whose method still ends well. */
    synchronized void end(Status.Code status) {
        if (ended || number.isEmpty()) {
            return;
        }
        ended = true;
        try {
            log.end(number.getAsLong(), status.name(), status == Status.Code.OK ? response : "");
        } catch (RuntimeException e) {
            LOGGER.errorf(e, "the end of entry %d of the audit log was not stored: %s", number.getAsLong(), status);
        }
    }

    private String peer() {
        SocketAddress address = getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : String.valueOf(address);
    }

    private String reason(Message request) {
        FieldDescriptor field = request.getDescriptorForType().findFieldByName("reason");
        String reason = field == null ? "" : (String) request.getField(field);
        byte[] header = headers.get(CallReason.HEADER);
        if (reason.isEmpty() && header != null) {
            reason = new String(header, StandardCharsets.UTF_8);
        }
        return AuditText.of(reason, MAX_REASON_LENGTH);
    }

    /** Messages in the audit log: JSON on one line, of bounded length, without secrets and contents of files. */
    static final class AuditText {
        private static final int MAX_LENGTH = 8192;
        private static final JsonFormat.Printer PRINTER =
                JsonFormat.printer().omittingInsignificantWhitespace().preservingProtoFieldNames();

        private AuditText() {}

        static String of(Message message) {
            try {
                return of(PRINTER.print(withoutSecrets(message)), MAX_LENGTH);
            } catch (InvalidProtocolBufferException | IllegalArgumentException _) {
                // Such as a duration that is out of range, which the method will refuse.
                return of(
                        TextFormat.printer().emittingSingleLine(true).printToString(withoutSecrets(message)),
                        MAX_LENGTH);
            }
        }

        /** A text of a caller with at most this many characters, without U+0000, which PostgreSQL refuses. */
        static String of(String text, int longest) {
            String stored = text.replace("\0", "\\u0000");
            return stored.length() > longest ? stored.substring(0, longest) : stored;
        }

        private static Message withoutSecrets(Message message) {
            Message.Builder copy = message.toBuilder();
            for (Map.Entry<FieldDescriptor, Object> entry :
                    message.getAllFields().entrySet()) {
                FieldDescriptor field = entry.getKey();
                if (field.getName().equals("secret") || field.getJavaType() == FieldDescriptor.JavaType.BYTE_STRING) {
                    copy.clearField(field);
                } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isMapField()) {
                    copy.setField(
                            field,
                            field.isRepeated()
                                    ? ((List<?>) entry.getValue())
                                            .stream()
                                                    .map(part -> withoutSecrets((Message) part))
                                                    .toList()
                                    : withoutSecrets((Message) entry.getValue()));
                }
            }
            return copy.build();
        }
    }
}
