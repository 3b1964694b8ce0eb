package io.rootstock.client.tls;

import io.grpc.util.AdvancedTlsX509TrustManager;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Certificates of {@link TlsFiles}, reloaded when the files change. Handshakes use the current certificates; open connections stay
 * open. Invalid new files are refused, and the earlier certificates stay in use. Contents are compared, not times, so that a
 * replaced symbolic link (a Kubernetes Secret) counts; they must be equal in two reads, so that files being written are not used.
 */
public final class ReloadedTls implements AutoCloseable {
    /**
     * Lifetime of TLS sessions in seconds, the shortest possible: a resumed session would keep the certificates of its first
     * handshake, for a day by default.
     */
    public static final int SESSION_SECONDS = 1;

    /** Interval of reloads for clients without a setting. */
    public static final Duration DEFAULT_PERIOD = Duration.ofSeconds(10);

    private static final Duration BETWEEN_READS = Duration.ofMillis(50);

    private final TlsFiles files;
    private final ReloadListener listener;
    private final Optional<ReloadedKeys> keyManager;
    private final AdvancedTlsX509TrustManager trustManager;
    private final Thread reloads;
    private volatile Optional<Instant> expiry;
    private PemContents contents;
    private String refused = "";

    /**
     * Reads the files and begins to watch them.
     *
     * @param period interval of the comparisons
     * @throws IllegalArgumentException if a file is invalid; names its setting
     */
    public ReloadedTls(TlsFiles files, Duration period, ReloadListener listener) {
        this.files = files;
        this.listener = listener;
        contents = PemContents.read(files);
        Credentials credentials = Credentials.parse(files, contents);
        keyManager = credentials.identity().map(ReloadedKeys::new);
        expiry = expiry(credentials);
        try {
            trustManager = AdvancedTlsX509TrustManager.newBuilder().build();
            if (credentials.authorities().isPresent()) {
                trust(credentials);
            } else {
                trustManager.useSystemDefaultTrustCerts();
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the trusted certificates of the JDK are unavailable", e);
        }
        reloads = Thread.ofVirtual().name("tls-reload").start(() -> reloadEvery(period));
    }

    /** Key manager with the current certificate; empty without a certificate. */
    public Optional<X509ExtendedKeyManager> keyManager() {
        return keyManager.map(manager -> manager);
    }

    /** Trust manager with the current authorities; also verifies the host name of a server. */
    public X509ExtendedTrustManager trustManager() {
        return trustManager;
    }

    /** Creates a context with the current and later certificates, for clients of the JDK. */
    public SSLContext clientContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] keys = keyManager.stream().toArray(KeyManager[]::new);
            context.init(keys, new TrustManager[] {trustManager}, null);
            context.getClientSessionContext().setSessionTimeout(SESSION_SECONDS);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS is unavailable in this JDK", e);
        }
    }

    /** End of the current certificate's validity; empty without a certificate. */
    public Optional<Instant> expiry() {
        return expiry;
    }

    /** Ends the reloads; the certificates stay in use. */
    @Override
    public void close() {
        reloads.interrupt();
    }

    private void reloadEvery(Duration period) {
        try {
            while (true) {
                Thread.sleep(period);
                reload();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reload() throws InterruptedException {
        try {
            PemContents first = PemContents.read(files);
            if (first.equals(contents)) {
                refused = "";
                return;
            }
            Thread.sleep(BETWEEN_READS);
            if (!PemContents.read(files).equals(first)) {
                return;
            }
            Credentials credentials = Credentials.parse(files, first);
            if (credentials.authorities().isPresent()) {
                trust(credentials);
            }
            keyManager.ifPresent(manager -> manager.use(credentials.identity().orElseThrow()));
            contents = first;
            expiry = expiry(credentials);
            refused = "";
            listener.replaced();
        } catch (RuntimeException e) {
            String reason = String.valueOf(e.getMessage());
            if (!refused.equals(reason)) {
                refused = reason;
                listener.refused(reason);
            }
        }
    }

    private void trust(Credentials credentials) {
        try {
            trustManager.updateTrustCredentials(
                    credentials.authorities().orElseThrow().toArray(X509Certificate[]::new));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    files.names().authority() + ": unusable certificates in "
                            + files.authority().orElseThrow() + ": " + e.getMessage(),
                    e);
        }
    }

    private static Optional<Instant> expiry(Credentials credentials) {
        return credentials
                .identity()
                .map(identity -> identity.chain().getFirst().getNotAfter().toInstant());
    }
}
