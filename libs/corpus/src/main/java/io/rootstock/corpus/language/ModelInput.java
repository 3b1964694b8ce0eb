package io.rootstock.corpus.language;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads the little-endian values of a fastText model. */
final class ModelInput {
    private static final int MAX_WORD_LENGTH = 1 << 16;
    private static final int BLOCK = 1 << 16;

    private final String name;
    private final DataInputStream in;
    private final byte[] block = new byte[BLOCK];

    /** @param name file name, for messages */
    ModelInput(String name, InputStream in) {
        this.name = name;
        this.in = new DataInputStream(in);
    }

    InvalidModelException invalid(String reason) {
        return new InvalidModelException(name + ": " + reason);
    }

    boolean readBoolean() throws IOException {
        return readByte() != 0;
    }

    int readByte() throws IOException {
        try {
            return in.readUnsignedByte();
        } catch (EOFException e) {
            throw truncated();
        }
    }

    int readInt() throws IOException {
        try {
            return Integer.reverseBytes(in.readInt());
        } catch (EOFException e) {
            throw truncated();
        }
    }

    long readLong() throws IOException {
        try {
            return Long.reverseBytes(in.readLong());
        } catch (EOFException e) {
            throw truncated();
        }
    }

    /** Reads an int that must be in a range. */
    int readInt(String what, int least, int largest) throws IOException {
        int value = readInt();
        if (value < least || value > largest) {
            throw invalid(what + " is " + value + ", outside of " + least + " to " + largest
                    + "; the file may be damaged: download it again");
        }
        return value;
    }

    /** Reads the bytes up to a 0. */
    byte[] readWord() throws IOException {
        ByteArrayOutputStream word = new ByteArrayOutputStream();
        for (int value = readByte(); value != 0; value = readByte()) {
            if (word.size() == MAX_WORD_LENGTH) {
                throw invalid("a word of the dictionary is longer than " + MAX_WORD_LENGTH
                        + " bytes; the file may be damaged: download it again");
            }
            word.write(value);
        }
        return word.toByteArray();
    }

    byte[] readBytes(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw truncated();
        }
        return bytes;
    }

    float[] readFloats(int count) throws IOException {
        float[] floats = new float[count];
        int done = 0;
        while (done < count) {
            int now = Math.min(count - done, BLOCK / Float.BYTES);
            if (in.readNBytes(block, 0, now * Float.BYTES) < now * Float.BYTES) {
                throw truncated();
            }
            ByteBuffer.wrap(block)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(floats, done, now);
            done += now;
        }
        return floats;
    }

    void requireEnd() throws IOException {
        if (in.read() >= 0) {
            throw invalid("bytes follow the end of the model; the file may be damaged: download it again");
        }
    }

    private InvalidModelException truncated() {
        return invalid("ends in the middle of the model; the file is truncated: download it again");
    }
}
