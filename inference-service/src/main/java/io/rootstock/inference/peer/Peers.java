package io.rootstock.inference.peer;

import com.google.protobuf.ByteString;
import io.rootstock.artifacts.ArtifactSource;
import io.rootstock.artifacts.HttpArtifactSource;
import io.rootstock.client.TokenCredentials;
import io.rootstock.client.tls.ReloadedTls;
import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.model.ServedVersion;
import io.rootstock.registry.v1.GetCallerResponse;
import io.rootstock.service.BearerToken;
import io.rootstock.service.access.Caller;
import io.rootstock.service.access.KnownCaller;
import io.rootstock.service.tls.ClientTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import org.jboss.logging.Logger;

/**
 * The other instances of this service, under one address: a name that stands for several is resolved for each request. Their
 * answers are for the time in which the registry is unavailable.
 *
 * @param address of their HTTP port
 * @param bearer returns the bearer token for each request; empty: no token
 * @param tls certificates for an https address; empty: those of the JDK
 */
public record Peers(URI address, Supplier<Optional<String>> bearer, Optional<SSLContext> tls) {
    /** Path of the served versions. */
    public static final String SERVED = "/peers/served";

    /** Path of the artifacts. */
    public static final String ARTIFACTS = "/peers/artifacts";

    /** Path of the callers, followed by / and the SHA-256 of a token in hexadecimal digits. */
    public static final String CALLERS = "/peers/callers";

    /** Header with the seconds since the registry gave an answer. */
    public static final String AGE = "Age";

    private static final Logger LOG = Logger.getLogger(Peers.class);
    private static final int PATIENCE_MILLISECONDS = (int) Duration.ofSeconds(5).toMillis();
    /** Maximum size of an answer: some 100 bytes for each alias or grant. */
    private static final int ANSWER_BYTES = 16 << 20;

    /** The peers that the settings name; empty: none. */
    public static Optional<Peers> of(InferenceSettings settings, BearerToken token, ClientTls tls) {
        return settings.peers()
                .map(address ->
                        new Peers(address, token::current, tls.certificates().map(ReloadedTls::clientContext)));
    }

    /** The versions that another instance serves, by alias; empty if none answers. */
    public Map<String, ServedVersion> served() {
        try {
            return ServedJson.read(get(SERVED).body().toByteArray());
        } catch (IOException e) {
            LOG.info("no other instance answers at " + address + " (" + e + ")");
            return Map.of();
        }
    }

    /** The caller of a token with this hash; empty if no instance answers, or the one that does has not seen it. */
    Optional<KnownCaller> caller(String hash) {
        try {
            Answer answer = get(CALLERS + "/" + hash);
            return Optional.of(new KnownCaller(
                    Caller.of(GetCallerResponse.parseFrom(answer.body())),
                    Instant.now().minus(answer.age())));
        } catch (IOException e) {
            LOG.debug("no other instance knows a caller", e);
            return Optional.empty();
        }
    }

    /** The artifacts of the versions that they serve. */
    public ArtifactSource artifacts() {
        return new HttpArtifactSource(address.resolve(ARTIFACTS), bearer, tls);
    }

    /**
     * A successful answer.
     *
     * @param age time since the registry gave it
     */
    private record Answer(ByteString body, Duration age) {}

    private Answer get(String path) throws IOException {
        HttpURLConnection connection = connect(address.resolve(path));
        try (InputStream body = connection.getInputStream()) {
            return new Answer(
                    ByteString.copyFrom(body.readNBytes(ANSWER_BYTES)),
                    Duration.ofSeconds(connection.getHeaderFieldLong(AGE, 0)));
        } finally {
            connection.disconnect();
        }
    }

    private HttpURLConnection connect(URI url) throws IOException {
        if (!(url.toURL().openConnection() instanceof HttpURLConnection connection)) {
            throw new IOException(url + " is not an HTTP address");
        }
        if (connection instanceof HttpsURLConnection encrypted) {
            tls.ifPresent(context -> encrypted.setSSLSocketFactory(context.getSocketFactory()));
        }
        connection.setConnectTimeout(PATIENCE_MILLISECONDS);
        connection.setReadTimeout(PATIENCE_MILLISECONDS);
        bearer.get()
                .ifPresent(token -> connection.setRequestProperty("Authorization", TokenCredentials.SCHEME + token));
        return connection;
    }
}
