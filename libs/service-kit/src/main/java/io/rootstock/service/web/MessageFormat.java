package io.rootstock.service.web;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.grpc.StatusRuntimeException;
import io.rootstock.service.Errors;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Encodings of messages in the Connect protocol. */
enum MessageFormat {
    /** Protobuf's binary format, up to the limit of gRPC. */
    PROTO(16 << 20, 4) {
        @Override
        Message decode(Message prototype, byte[] bytes) throws InvalidProtocolBufferException {
            return prototype.getParserForType().parseFrom(bytes);
        }

        @Override
        byte[] encode(Message message) {
            return message.toByteArray();
        }
    },

    /** Protobuf's JSON format, UTF-8. A field that the contract does not have is an error. */
    JSON(4 << 20, 32) {
        @Override
        Message decode(Message prototype, byte[] bytes) throws InvalidProtocolBufferException {
            Message.Builder builder = prototype.newBuilderForType();
            JsonFormat.parser().merge(utf8(bytes), builder);
            return builder.build();
        }

        @Override
        byte[] encode(Message message) throws InvalidProtocolBufferException {
            return JsonFormat.printer()
                    .omittingInsignificantWhitespace()
                    .print(message)
                    .getBytes(StandardCharsets.UTF_8);
        }
    };

    private final int limit;
    private final int expansion;

    /**
     * @param limit maximum size of a request in bytes
     * @param expansion memory for decoding, as a multiple of the size
     */
    MessageFormat(int limit, int expansion) {
        this.limit = limit;
        this.expansion = expansion;
    }

    /** Maximum size of a request in bytes. */
    int limit() {
        return limit;
    }

    /** Estimated memory that a request needs while it is received and decoded, in bytes. */
    long memory(int size) {
        return (long) size * expansion;
    }

    abstract Message decode(Message prototype, byte[] bytes) throws InvalidProtocolBufferException;

    abstract byte[] encode(Message message) throws InvalidProtocolBufferException;

    /**
     * Decodes a request.
     *
     * @throws StatusRuntimeException INVALID_ARGUMENT if it is not a message of the contract
     */
    Message request(RpcDirectory.Procedure procedure, byte[] bytes) {
        try {
            return decode(procedure.prototype(), bytes);
        } catch (InvalidProtocolBufferException e) {
            throw Errors.invalidArguments(
                    "MALFORMED_REQUEST",
                    Map.of(
                            "request",
                            "is not a valid message of " + procedure.method().getFullMethodName() + " ("
                                    + e.getMessage()
                                    + "); compare it with the contract in docs/reference/rpcs.md"));
        }
    }

    private static String utf8(byte[] bytes) throws InvalidProtocolBufferException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidProtocolBufferException("the JSON is not UTF-8");
        }
    }
}
