package io.rootstock.artifacts;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

/**
 * Artifacts on a web server: {@code base/sha256/ab/cdef...}, the layout of {@link DirectoryArtifactStore}. The registry
 * or any web server for a store's directory works. A download from a server without range requests starts at the first
 * byte.
 */
public final class HttpArtifactSource implements ArtifactSource {
    private static final int PATIENCE_MILLISECONDS =
            (int) Duration.ofSeconds(30).toMillis();

    private final String base;
    private final Supplier<Optional<String>> bearer;
    private final Optional<SSLSocketFactory> tls;

    /**
     * Reads artifacts below this address.
     *
     * @param bearer returns the bearer token for each request; empty: no token
     * @param tls certificates for https addresses; empty: those of the JDK
     */
    public HttpArtifactSource(URI base, Supplier<Optional<String>> bearer, Optional<SSLContext> tls) {
        this.base = base.toString().replaceAll("/+$", "");
        this.bearer = bearer;
        this.tls = tls.map(SSLContext::getSocketFactory);
    }

    /** Reads artifacts below this address with the trusted certificates of the JDK. */
    public HttpArtifactSource(URI base, Supplier<Optional<String>> bearer) {
        this(base, bearer, Optional.empty());
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
            throw new IOException(address + " is not an HTTP address");
        }
        if (connection instanceof HttpsURLConnection encrypted) {
            tls.ifPresent(encrypted::setSSLSocketFactory);
        }
        connection.setConnectTimeout(PATIENCE_MILLISECONDS);
        // Timeout of one read, not of the whole response: a server that stops sending is abandoned.
        connection.setReadTimeout(PATIENCE_MILLISECONDS);
        // The bytes must arrive unchanged; a proxy must not compress them.
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
