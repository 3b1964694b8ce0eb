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
 * them, or if they expand beyond the {@link DecompressionLimits}.
 */
public final class DecompressedInput extends FilterInputStream {
    private static final int BUFFER = 1 << 16;

    private final CompressedBytes compressed;
    private final DecompressionLimits limits;
    private long bytes;

    private DecompressedInput(InputStream decompressed, CompressedBytes compressed, DecompressionLimits limits) {
        super(decompressed);
        this.compressed = compressed;
        this.limits = limits;
    }

    /**
     * Opens a compressed file.
     *
     * @param gzip whether the format is gzip, else Zstandard
     * @param limits bounds of the decompressed bytes
     */
    public static InputStream open(InputStream file, boolean gzip, DecompressionLimits limits)
            throws CorruptCompressionException {
        CompressedBytes compressed = new CompressedBytes(file);
        InputStream buffered = new BufferedInputStream(compressed, BUFFER);
        try {
            return new DecompressedInput(
                    gzip ? new WholeGzip(buffered) : new ZstdInputStream(buffered), compressed, limits);
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
        if (bytes > limits.freeBytes() && bytes > limits.largestRatio() * compressed.count) {
            throw new CorruptCompressionException("expands to more than " + limits.largestRatio() + " times its size ("
                    + bytes + " bytes from " + compressed.count + "); store the text uncompressed, or raise the limit");
        }
        if (bytes > limits.mostBytes()) {
            throw new CorruptCompressionException("expands to more than " + limits.mostBytes()
                    + " bytes; divide it into several files, or raise the limit");
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
