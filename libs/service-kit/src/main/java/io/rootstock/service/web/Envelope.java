package io.rootstock.service.web;

import io.rootstock.service.Errors;
import io.vertx.core.buffer.Buffer;

/** Frames of streams: one byte of flags, the length in four bytes, big endian, and the message. */
final class Envelope {
    static final int HEADER_BYTES = 5;

    private static final byte MESSAGE = 0;
    private static final byte COMPRESSED = 1;
    private static final byte END = 2;

    private Envelope() {}

    /** Returns the frame of a message. */
    static Buffer message(byte[] bytes) {
        return frame(MESSAGE, bytes);
    }

    /** Returns the last frame of a stream. */
    static Buffer end(byte[] json) {
        return frame(END, json);
    }

    /**
     * Returns the only message of a request.
     *
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if the body is not one complete frame without compression,
     *     UNIMPLEMENTED if it is compressed
     */
    static byte[] only(Buffer body) {
        if (body.length() < HEADER_BYTES) {
            throw malformed("has " + body.length() + " bytes; a frame has a header of 5 bytes");
        }
        byte flags = body.getByte(0);
        if (flags == COMPRESSED) {
            throw RequestHeaders.compressed("a compressed frame");
        }
        if (flags != MESSAGE) {
            throw malformed("has a frame with the flags " + flags + "; the first frame has a message, flags 0");
        }
        long length = body.getUnsignedInt(1);
        if (length != body.length() - HEADER_BYTES) {
            throw malformed("has a frame of " + length + " bytes and " + (body.length() - HEADER_BYTES)
                    + " bytes after its header; send exactly one message");
        }
        return body.getBytes(HEADER_BYTES, body.length());
    }

    private static Buffer frame(byte flags, byte[] bytes) {
        return Buffer.buffer(HEADER_BYTES + bytes.length)
                .appendByte(flags)
                .appendInt(bytes.length)
                .appendBytes(bytes);
    }

    private static RuntimeException malformed(String violation) {
        return Errors.invalidArgument("request", violation);
    }
}
