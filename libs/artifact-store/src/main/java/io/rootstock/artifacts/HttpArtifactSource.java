package io.rootstock.artifacts;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Artifacts from a web server: {@code base/sha256/ab/cdef...}, the layout of {@link DirectoryArtifactStore}, so that the
 * registry or any web server over a store's directory will do. A server that cannot send a part of a file is read from
 * its beginning.
 */
public final class HttpArtifactSource implements ArtifactSource {
    private static final int PATIENCE_MILLISECONDS =
            (int) Duration.ofSeconds(30).toMillis();

    private final String base;
    private final Supplier<Optional<String>> bearer;

    /**
     * Artifacts below this address.
     *
     * @param bearer the token to send, asked for with every request; empty: none
     */
    public HttpArtifactSource(URI base, Supplier<Optional<String>> bearer) {
        this.base = base.toString().replaceAll("/+$", "");
        this.bearer = bearer;
    }

    @Override
    public long length(Digest digest) throws IOException {
        HttpURLConnection connection = connect(digest);
        connection.setRequestMethod("HEAD");
        try {
            requireSuccess(connection, digest);
            long length = connection.getContentLengthLong();
            if (length < 0) {
                throw new IOException(connection.getURL() + " states no length");
            }
            return length;
        } finally {
            connection.disconnect();
        }
    }

    @Override
    public InputStream open(Digest digest, long offset) throws IOException {
        HttpURLConnection connection = connect(digest);
        if (offset > 0) {
            connection.setRequestProperty("Range", "bytes=" + offset + "-");
        }
        try {
            int status = requireSuccess(connection, digest);
            InputStream bytes = connection.getInputStream();
            if (status != HttpURLConnection.HTTP_PARTIAL) {
                bytes.skipNBytes(offset);
            }
            return bytes;
        } catch (IOException | RuntimeException e) {
            connection.disconnect();
            throw e;
        }
    }

    private HttpURLConnection connect(Digest digest) throws IOException {
        String hex = digest.hex();
        URI address = URI.create(base + "/sha256/" + hex.substring(0, 2) + "/" + hex.substring(2));
        if (!(address.toURL().openConnection() instanceof HttpURLConnection connection)) {
            throw new IOException(address + " is no address of a web server");
        }
        connection.setConnectTimeout(PATIENCE_MILLISECONDS);
        // Of one read, not of the whole answer: a server that falls silent is left.
        connection.setReadTimeout(PATIENCE_MILLISECONDS);
        // An artifact is as it is; a proxy must not squeeze it.
        connection.setRequestProperty("Accept-Encoding", "identity");
        bearer.get().ifPresent(token -> connection.setRequestProperty("Authorization", "Bearer " + token));
        return connection;
    }

    private int requireSuccess(HttpURLConnection connection, Digest digest) throws IOException {
        int status;
        try {
            status = connection.getResponseCode();
        } catch (FileNotFoundException e) {
            status = HttpURLConnection.HTTP_NOT_FOUND;
        }
        if (status == HttpURLConnection.HTTP_NOT_FOUND) {
            throw new NoSuchArtifactException(digest, base);
        }
        if (status != HttpURLConnection.HTTP_OK && status != HttpURLConnection.HTTP_PARTIAL) {
            throw new IOException(connection.getURL() + " answers " + status);
        }
        return status;
    }
}
