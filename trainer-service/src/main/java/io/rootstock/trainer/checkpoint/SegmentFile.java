package io.rootstock.trainer.checkpoint;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Writes native memory to a file and reads it back, computing the SHA-256 of the bytes. */
final class SegmentFile {
    private static final long CHUNK = 1L << 24;

    private SegmentFile() {}

    /** Writes and fsyncs; returns the SHA-256 of the bytes in hexadecimal. */
    static String write(Path file, MemorySegment bytes) throws IOException {
        MessageDigest digest = sha256();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
                ByteBuffer chunk = chunk(bytes, at);
                digest.update(chunk.duplicate());
                while (chunk.hasRemaining()) {
                    channel.write(chunk);
                }
            }
            channel.force(true);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Fills memory from a file of exactly its size; returns the SHA-256 of the bytes in hexadecimal. */
    static String read(Path file, MemorySegment bytes) throws IOException {
        MessageDigest digest = sha256();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() != bytes.byteSize()) {
                throw new IOException(file + " has " + channel.size() + " bytes, expected " + bytes.byteSize());
            }
            for (long at = 0; at < bytes.byteSize(); at += CHUNK) {
                ByteBuffer chunk = chunk(bytes, at);
                ByteBuffer filled = chunk.duplicate();
                while (chunk.hasRemaining()) {
                    if (channel.read(chunk) < 0) {
                        throw new IOException(file + " ends early");
                    }
                }
                digest.update(filled);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static String digest(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    private static ByteBuffer chunk(MemorySegment bytes, long at) {
        return bytes.asSlice(at, Math.min(CHUNK, bytes.byteSize() - at)).asByteBuffer();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
