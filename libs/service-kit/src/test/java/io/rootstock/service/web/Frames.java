package io.rootstock.service.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads the frames of a stream, as a client does. */
final class Frames {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DataInputStream in;

    Frames(InputStream in) {
        this.in = new DataInputStream(in);
    }

    /**
     * A frame.
     *
     * @param end whether it is the last one
     */
    record Frame(boolean end, ByteString bytes) {
        JsonNode json() throws IOException {
            return JSON.readTree(bytes.toByteArray());
        }
    }

    Frame next() throws IOException {
        byte flags = in.readByte();
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return new Frame(flags == 2, ByteString.copyFrom(bytes));
    }

    /** Returns the frame of a request. */
    static byte[] of(byte[] message) {
        return Envelope.message(message).getBytes();
    }
}
