package io.rootstock.checkpoint.gguf;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Finds the chat template of a GGUF file in a stream of its first bytes, such as of a remote file. */
public final class GgufChatTemplate {
    private static final String KEY = "tokenizer.chat_template";
    private static final int BUFFER = 1 << 16;
    /** Bytes of keys and values; vocabularies have a few million. */
    private static final long MAX_KEYS_LENGTH = 256L << 20;

    private static final int MAX_KEY_LENGTH = 1024;

    private final InputStream file;
    private long left = MAX_KEYS_LENGTH;

    private GgufChatTemplate(InputStream file) {
        this.file = file;
    }

    /**
     * Whether the file has a chat template. Reads the file's keys up to the template's.
     *
     * @throws InvalidGgufException if the stream is not the beginning of a GGUF file
     * @throws IOException if the stream cannot be read
     */
    public static boolean isIn(InputStream file) throws IOException {
        try {
            return new GgufChatTemplate(new BufferedInputStream(file, BUFFER)).find();
        } catch (EOFException _) {
            throw new TruncatedGgufException("the file ends within its keys");
        }
    }

    private boolean find() throws IOException {
        if (number(4) != GgufWriter.MAGIC || number(4) != GgufWriter.VERSION) {
            throw new InvalidGgufException("the file does not begin with GGUF of version " + GgufWriter.VERSION);
        }
        skip(8);
        long keys = number(8);
        for (long i = 0; i < keys; i++) {
            long length = number(8);
            if (length < 0 || length > MAX_KEY_LENGTH) {
                throw new InvalidGgufException("key " + i + " has " + length + " bytes");
            }
            if (new String(bytes((int) length), StandardCharsets.UTF_8).equals(KEY)) {
                return true;
            }
            skipValue((int) number(4));
        }
        return false;
    }

    private void skipValue(int type) throws IOException {
        switch (type) {
            case GgufWriter.STRING -> skip(number(8));
            case GgufWriter.ARRAY -> {
                int element = (int) number(4);
                long length = number(8);
                if (element == GgufWriter.STRING) {
                    for (long i = 0; i < length; i++) {
                        skip(number(8));
                    }
                } else {
                    if (length < 0 || length > left) {
                        throw new InvalidGgufException("a list has " + length + " elements");
                    }
                    skip(length * size(element));
                }
            }
            default -> skip(size(type));
        }
    }

    private static int size(int type) {
        return switch (type) {
            case 0, 1, GgufWriter.BOOL -> 1;
            case 2, 3 -> 2;
            case GgufWriter.UINT32, GgufWriter.INT32, GgufWriter.FLOAT32 -> 4;
            case 10, 11, 12 -> 8;
            default -> throw new InvalidGgufException("a key has the unknown type " + type);
        };
    }

    private long number(int length) throws IOException {
        ByteBuffer number = ByteBuffer.wrap(bytes(length)).order(ByteOrder.LITTLE_ENDIAN);
        return length == 4 ? Integer.toUnsignedLong(number.getInt()) : number.getLong();
    }

    private byte[] bytes(int length) throws IOException {
        count(length);
        byte[] bytes = file.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    private void skip(long length) throws IOException {
        count(length);
        file.skipNBytes(length);
    }

    private void count(long length) {
        if (length < 0 || length > left) {
            throw new InvalidGgufException("the keys have more than " + MAX_KEYS_LENGTH + " bytes");
        }
        left -= length;
    }
}
