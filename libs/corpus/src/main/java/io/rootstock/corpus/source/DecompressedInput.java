package io.rootstock.corpus.source;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/**
 * Decompresses a {@code .gz} or {@code .zst} file to its end.
 *
 * <p>Reading throws {@link CorruptCompressionException} if the data are damaged or truncated, if other bytes follow
 * them, or if they expand beyond {@value #FREE_BYTES} bytes and {@value #LARGEST_RATIO} times the bytes read so far.
 */
final class DecompressedInput extends FilterInputStream {
    /** Decompressed bytes that are permitted at any ratio. */
    static final long FREE_BYTES = 1 << 28;

    /** Largest permitted ratio of decompressed to compressed bytes; text compresses to a tenth or twentieth. */
    static final int LARGEST_RATIO = 200;

    private static final int BUFFER = 1 << 16;

    private final CompressedBytes compressed;
    private final long freeBytes;
    private long bytes;

    private DecompressedInput(InputStream decompressed, CompressedBytes compressed, long freeBytes) {
        super(decompressed);
        this.compressed = compressed;
        this.freeBytes = freeBytes;
    }

    /**
     * Opens a compressed file.
     *
     * @param gzip whether the format is gzip, else Zstandard
     */
    static InputStream open(InputStream file, boolean gzip) throws CorruptCompressionException {
        return open(file, gzip, FREE_BYTES);
    }

    static InputStream open(InputStream file, boolean gzip, long freeBytes) throws CorruptCompressionException {
        CompressedBytes compressed = new CompressedBytes(file);
        InputStream buffered = new BufferedInputStream(compressed, BUFFER);
        try {
            return new DecompressedInput(
                    gzip ? new WholeGzip(buffered) : new ZstdInputStream(buffered), compressed, freeBytes);
        } catch (IOException e) {
            throw compressed.count == 0 ? empty() : damaged(e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read;
        try {
            read = super.read(buffer, offset, length);
        } catch (IOException e) {
            throw compressed.count == 0 ? empty() : damaged(e);
        }
        bytes += Math.max(0, read);
        if (bytes > freeBytes && bytes > LARGEST_RATIO * compressed.count) {
            throw new CorruptCompressionException("expands to more than " + LARGEST_RATIO + " times its size (" + bytes
                    + " bytes from " + compressed.count + "); upload the text uncompressed");
        }
        return read;
    }

    private static CorruptCompressionException empty() {
        return new CorruptCompressionException(
                "is empty (0 bytes), which no compressed file is; check how it was written, or leave it out");
    }

    private static CorruptCompressionException damaged(IOException e) {
        String cause = e.getMessage() == null ? "it ends too early" : e.getMessage();
        return new CorruptCompressionException(
                "is damaged, truncated or not compressed as its name says (" + cause + "); compress the file again");
    }

    /** Counts the compressed bytes. */
    private static final class CompressedBytes extends FilterInputStream {
        private long count;

        CompressedBytes(InputStream input) {
            super(input);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count += value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            count += Math.max(0, read);
            return read;
        }
    }

    /** Reads all members of a gzip file and rejects other bytes after the last one, which Java's class ignores. */
    private static final class WholeGzip extends GZIPInputStream {
        private static final int TRAILER = 8;

        private boolean checked;

        WholeGzip(InputStream input) throws IOException {
            super(input, BUFFER);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            if (read < 0 && !checked) {
                checked = true;
                requireEnd();
            }
            return read;
        }

        /** Padding with zeros is permitted, as in the gzip program. */
        private void requireEnd() throws IOException {
            for (int at = len - inf.getRemaining() + TRAILER; at < len; at++) {
                requireZero(buf[at]);
            }
            for (int value = in.read(); value >= 0; value = in.read()) {
                requireZero(value);
            }
        }

        private static void requireZero(int value) throws IOException {
            if (value != 0) {
                throw new IOException("other bytes follow the compressed data");
            }
        }
    }
}
