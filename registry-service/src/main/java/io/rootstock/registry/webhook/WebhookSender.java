package io.rootstock.registry.webhook;

import io.rootstock.registry.outbox.WebhookEvent;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Sends signed requests. The connection goes to the address that {@link EndpointPolicy} resolved and checked, while the
 * certificate is verified for the host name. Redirects are not followed, and the body of the response is not read.
 */
public final class WebhookSender implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    /** Connections to one host: more than there are webhooks and tests, so that an endpoint never waits for another. */
    private static final int CONNECTIONS = 2 * Webhooks.LIMIT;

    private static final int MAX_ERROR_LENGTH = 200;
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    private final EndpointPolicy policy;
    private final HttpClient client;
    private final Duration timeout;

    /** Creates a sender that trusts the JDK's certificate authorities. */
    public WebhookSender(Vertx vertx, EndpointPolicy policy) {
        this(vertx, policy, new HttpClientOptions(), TIMEOUT);
    }

    /** @param timeout limit of a whole request */
    WebhookSender(Vertx vertx, EndpointPolicy policy, HttpClientOptions options, Duration timeout) {
        this.policy = policy;
        this.timeout = timeout;
        this.client = vertx.createHttpClient(options.setKeepAlive(false)
                .setMaxPoolSize(CONNECTIONS)
                .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
                .setSslHandshakeTimeout(CONNECT_TIMEOUT.toSeconds()));
    }

    /** Sends an event and waits for the response, at most 15 s after the host is resolved; a failure is a result. */
    Attempt send(Endpoint endpoint, WebhookEvent event) throws InterruptedException {
        Instant time = Instant.now();
        long start = System.nanoTime();
        int status = 0;
        String error = "";
        try {
            status = status(endpoint, event, time.getEpochSecond());
        } catch (IOException e) {
            error = e.getMessage();
        } catch (TimeoutException e) {
            error = "no response within " + timeout.toMillis() / 1000.0 + " s";
        } catch (ExecutionException e) {
            Throwable cause = rootCause(e);
            error = Objects.requireNonNullElse(
                    cause.getMessage(), cause.getClass().getSimpleName());
        }
        return new Attempt(
                time,
                status,
                error.substring(0, Math.min(error.length(), MAX_ERROR_LENGTH)),
                (System.nanoTime() - start) / 1e9);
    }

    @Override
    public void close() {
        client.close();
    }

    private int status(Endpoint endpoint, WebhookEvent event, long timestamp)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        String violation = policy.violation(endpoint.url()).orElse("");
        if (!violation.isEmpty()) {
            throw new IOException("the URL " + violation);
        }
        URI url = URI.create(endpoint.url());
        InetAddress address = policy.resolve(url.getHost());
        CompletableFuture<HttpClientRequest> request = client.request(options(url, address)
                        .putHeader("content-type", "application/json")
                        .putHeader("user-agent", "rootstock")
                        .putHeader("webhook-id", event.id())
                        .putHeader("webhook-timestamp", Long.toString(timestamp))
                        .putHeader(
                                "webhook-signature",
                                Signature.header(endpoint.secrets(), event.id(), timestamp, event.body())))
                .toCompletionStage()
                .toCompletableFuture();
        CompletableFuture<Integer> status = request.thenCompose(open -> open.send(Buffer.buffer(event.body()))
                .map(response -> response.statusCode())
                .toCompletionStage());
        try {
            return status.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            CompletableFuture<Void> _ =
                    request.thenAccept(open -> open.connection().close());
        }
    }

    private static Throwable rootCause(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static RequestOptions options(URI url, InetAddress address) {
        boolean encrypted = url.getScheme().equalsIgnoreCase("https");
        int port = url.getPort() >= 0 ? url.getPort() : encrypted ? HTTPS_PORT : HTTP_PORT;
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
                .setHost(url.getHost())
                .setPort(port)
                .setSsl(encrypted)
                .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
                .setFollowRedirects(false);
    }

    /** Signatures of the Standard Webhooks specification: {@code v1,} and the Base64 of an HMAC-SHA256. */
    static final class Signature {
        private static final String ALGORITHM = "HmacSHA256";

        private Signature() {}

        /**
         * Returns the header {@code webhook-signature}: one signature for each secret, separated by spaces.
         *
         * @param id the header {@code webhook-id}
         * @param timestamp the header {@code webhook-timestamp}, in seconds since 1970
         */
        static String header(List<Secret> secrets, String id, long timestamp, String body) {
            byte[] content = (id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8);
            return secrets.stream()
                    .map(secret -> "v1," + Base64.getEncoder().encodeToString(hmac(secret, content)))
                    .collect(Collectors.joining(" "));
        }

        private static byte[] hmac(Secret secret, byte[] content) {
            try {
                Mac mac = Mac.getInstance(ALGORITHM);
                mac.init(new SecretKeySpec(secret.key(), ALGORITHM));
                return mac.doFinal(content);
            } catch (NoSuchAlgorithmException | InvalidKeyException e) {
                throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
            }
        }
    }
}
