package io.rootstock.corpus.worker.s3;

import io.rootstock.corpus.storage.StorageException;
import io.rootstock.corpus.storage.StoredFile;
import io.rootstock.corpus.storage.StoredObject;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** An object in the version that was planned. A stream is one request, which is repeated for the rest if its connection breaks. */
final class S3File implements StoredFile {
    private final Supplier<S3Client> client;
    private final String bucket;
    private final String key;
    private final StoredObject object;
    private final Set<S3Stream> streams = ConcurrentHashMap.newKeySet();

    S3File(Supplier<S3Client> client, String bucket, String key, StoredObject object) {
        this.client = client;
        this.bucket = bucket;
        this.key = key;
        this.object = object;
    }

    @Override
    public long bytes() {
        return object.bytes();
    }

    @Override
    public int read(ByteBuffer buffer, long offset) throws IOException {
        int length = (int) Math.min(buffer.remaining(), object.bytes() - offset);
        if (length <= 0) {
            return -1;
        }
        byte[] bytes;
        try (InputStream in = stream(offset, offset + length)) {
            bytes = in.readNBytes(length);
        }
        if (bytes.length < length) {
            throw new EOFException(
                    object.address() + ": the server ended at " + bytes.length + " of " + length + " bytes");
        }
        buffer.put(bytes);
        return length;
    }

    @Override
    public InputStream stream(long from, long to) {
        S3Stream stream = new S3Stream(this, from, to);
        streams.add(stream);
        return stream;
    }

    String address() {
        return object.address();
    }

    /** Opens the bytes from one offset to another. */
    ResponseInputStream<GetObjectResponse> open(long from, long to) throws StorageException {
        ResponseInputStream<GetObjectResponse> body;
        try {
            body = client.get()
                    .getObject(request -> request.bucket(bucket)
                            .key(key)
                            .range("bytes=" + from + "-" + (to - 1))
                            .ifMatch("\"" + object.version() + "\""));
        } catch (SdkException e) {
            throw S3Failure.of(address(), e);
        }
        GetObjectResponse head = body.response();
        String range = "bytes " + from + "-" + (to - 1) + "/" + object.bytes();
        if (!S3Root.etag(head.eTag()).equals(object.version()) || !range.equals(head.contentRange())) {
            body.abort();
            throw S3Root.etag(head.eTag()).equals(object.version())
                    ? new StorageException(
                            address(),
                            "the server sends " + head.contentRange() + " for " + range
                                    + "; use a server that supports range requests",
                            null)
                    : S3Failure.changed(address(), null);
        }
        return body;
    }

    void closed(S3Stream stream) {
        streams.remove(stream);
    }

    @Override
    public void close() {
        streams.forEach(S3Stream::close);
    }
}
