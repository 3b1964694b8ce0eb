package io.rootstock.artifacts.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * A section of a file.
 *
 * @param start position of its first byte
 * @param length its length in bytes
 */
record FileSection(Path file, long start, long length) {
    private static final String TYPE = "application/octet-stream";
    private static final int BUFFER_BYTES = 1 << 20;

    /** The section as the body of a request, which reads it again for each attempt. */
    RequestBody body() {
        return RequestBody.fromContentProvider(this::open, length, TYPE);
    }

    /** Hexadecimal MD5, the ETag of a part on servers that do not keep SHA-256 sums. */
    String md5() throws IOException {
        try (InputStream in = open()) {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                md5.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(md5.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    private InputStream open() {
        try {
            return new Stream(FileChannel.open(file, StandardOpenOption.READ), start, start + length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Stream extends InputStream {
        private final FileChannel channel;
        private final long end;
        private long position;

        Stream(FileChannel channel, long start, long end) {
            this.channel = channel;
            this.position = start;
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            if (count == 0) {
                return 0;
            }
            if (position == end) {
                return -1;
            }
            int read = channel.read(ByteBuffer.wrap(bytes, offset, (int) Math.min(count, end - position)), position);
            if (read < 0) {
                throw new EOFException("the file became shorter while it was stored");
            }
            position += read;
            return read;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
