package io.rootstock.service.access;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import com.google.protobuf.util.JsonFormat;
import java.util.List;
import java.util.Map;

/** Messages in the audit log: JSON on one line, of bounded length, without secrets and contents of files. */
final class AuditText {
    private static final int MAX_LENGTH = 8192;
    private static final JsonFormat.Printer PRINTER =
            JsonFormat.printer().omittingInsignificantWhitespace().preservingProtoFieldNames();

    private AuditText() {}

    static String of(Message message) {
        try {
            return of(PRINTER.print(withoutSecrets(message)), MAX_LENGTH);
        } catch (InvalidProtocolBufferException | IllegalArgumentException _) {
            // Such as a duration that is out of range, which the method will refuse.
            return of(TextFormat.printer().emittingSingleLine(true).printToString(withoutSecrets(message)), MAX_LENGTH);
        }
    }

    /** A text of a caller with at most this many characters, without U+0000, which PostgreSQL refuses. */
    static String of(String text, int longest) {
        String stored = text.replace("\0", "\\u0000");
        return stored.length() > longest ? stored.substring(0, longest) : stored;
    }

    private static Message withoutSecrets(Message message) {
        Message.Builder copy = message.toBuilder();
        for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
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
