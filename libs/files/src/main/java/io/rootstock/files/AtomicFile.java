package io.rootstock.files;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes a file that appears complete or not at all, and is durable when the method returns: temporary sibling, fsync,
 * rename, fsync of the directory. An existing file is replaced. The name of the temporary file begins with a dot.
 */
public final class AtomicFile {
    private static final long CHUNK_BYTES = 64L << 20;
    private static final long HEAP_CHUNK_BYTES = 1L << 20;

    private AtomicFile() {}

    /** Writes to the channel of the temporary file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    /**
     * Writes a file whose content is produced while it is written.
     *
     * @throws IOException if the directory does not exist, the file cannot be written, or the content throws it; the
     *     previous file is then unchanged
     */
    public static void write(Path file, Content content) throws IOException {
        Path whole = file.toAbsolutePath();
        Path partial = whole.resolveSibling("." + whole.getFileName() + "." + UUID.randomUUID());
        try {
            try (FileChannel channel =
                    FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(channel);
                channel.force(true);
            }
            Files.move(partial, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Fsync.directory(whole.getParent());
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    /** Writes bytes as {@link #write(Path, Content)} does. */
    public static void write(Path file, byte[] bytes) throws IOException {
        write(file, channel -> append(channel, ByteBuffer.wrap(bytes)));
    }

    /** Writes text in UTF-8 as {@link #write(Path, Content)} does. */
    public static void write(Path file, String text) throws IOException {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes all remaining bytes of a buffer. */
    public static void append(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Writes all bytes of a memory segment. */
    public static void append(FileChannel channel, MemorySegment segment) throws IOException {
        if (segment.isNative()) {
            for (long offset = 0; offset < segment.byteSize(); offset += CHUNK_BYTES) {
                long length = Math.min(CHUNK_BYTES, segment.byteSize() - offset);
                append(channel, segment.asSlice(offset, length).asByteBuffer());
            }
            return;
        }
        // Only byte[] can be viewed as a ByteBuffer without a copy.
        ByteBuffer copy = ByteBuffer.allocateDirect((int) Math.min(HEAP_CHUNK_BYTES, segment.byteSize()));
        for (long offset = 0; offset < segment.byteSize(); offset += copy.capacity()) {
            int length = (int) Math.min(copy.capacity(), segment.byteSize() - offset);
            copy.clear();
            MemorySegment.copy(segment, offset, MemorySegment.ofBuffer(copy), 0, length);
            append(channel, copy.limit(length));
        }
    }
}
