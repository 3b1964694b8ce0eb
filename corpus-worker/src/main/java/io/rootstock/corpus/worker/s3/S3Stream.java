package io.rootstock.corpus.worker.s3;

import io.rootstock.corpus.storage.StorageException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Bytes between two offsets of an object. The first read sends the request. If the connection breaks, another request asks for
 * the rest, of the same version.
 */
final class S3Stream extends InputStream {
    /** Broken connections without a byte in between after which the stream fails. */
    private static final int ATTEMPTS = 5;

    private final S3File file;
    private final long end;
    private long position;
    private ResponseInputStream<GetObjectResponse> body;

    S3Stream(S3File file, long from, long end) {
        this.file = file;
        this.position = from;
        this.end = end;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position >= end) {
            return -1;
        }
        for (int attempt = 1; ; attempt++) {
            try {
                if (body == null) {
                    body = file.open(position, end);
                }
                int read = body.read(buffer, offset, (int) Math.min(length, end - position));
                if (read < 0) {
                    throw new EOFException("the server ended the object early");
                }
                position += read;
                return read;
            } catch (StorageException e) {
                throw e;
            } catch (IOException | SdkException e) {
                abort();
                if (attempt == ATTEMPTS || Thread.currentThread().isInterrupted()) {
                    throw new StorageException(
                            file.address(),
                            "cannot be read at byte " + position + " (" + e.getMessage() + "); resume the job later",
                            e);
                }
            }
        }
    }

    /** Bytes up to the end, as streams of local files return; parsers take 0 for the end. */
    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, end - position);
    }

    @Override
    public void close() {
        abort();
        file.closed(this);
    }

    /** Closes the connection; {@link ResponseInputStream#close} would read the rest first. */
    private void abort() {
        if (body != null) {
            body.abort();
            body = null;
        }
    }
}
