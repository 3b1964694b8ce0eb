package io.rootstock.service.web;

import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.ArtifactSource;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.service.BearerToken;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Artifacts, read-only, for services without access to their store: {@code PATH/sha256/ab/cdef...}, with
 * {@code Range: bytes=N-}. Requires the token of {@code rootstock.auth.token-file}, if one is set. Readers hash what they
 * receive.
 */
public final class ArtifactRoute {
    private static final Logger LOG = Logger.getLogger(ArtifactRoute.class);
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-");
    private static final int CHUNK_BYTES = 1 << 18;
    private static final int CONCURRENT = 32;
    /** Time after which a reader that takes no bytes is disconnected, in seconds. */
    private static final long STALL_SECONDS = 60;

    private final String path;
    private final ArtifactSource source;
    private final BearerToken token;
    private final Semaphore readers = new Semaphore(CONCURRENT);

    /**
     * Creates the route.
     *
     * @param path such as {@code /artifacts}
     */
    public ArtifactRoute(String path, ArtifactSource source, BearerToken token) {
        this.path = path;
        this.source = source;
        this.token = token;
    }

    /** Adds the route, for GET and HEAD. */
    public void register(Router router) {
        String artifact = path + "/sha256/:prefix/:rest";
        router.get(artifact).handler(this::answer);
        router.head(artifact).handler(this::answer);
    }

    private void answer(RoutingContext request) {
        if (!token.permits(Optional.ofNullable(request.request().getHeader("Authorization")))) {
            fail(request, 401, "only services with the token of rootstock.auth.token-file read artifacts here");
            return;
        }
        Optional<Digest> digest = Digest.find("sha256:" + request.pathParam("prefix") + request.pathParam("rest"));
        if (digest.isEmpty() || request.pathParam("prefix").length() != 2) {
            fail(request, 404, "an artifact's path is " + path + "/sha256/ and its digest, with / after two digits");
            return;
        }
        if (!readers.tryAcquire()) {
            request.response().putHeader("Retry-After", "1");
            fail(request, 503, CONCURRENT + " artifacts are being read; try again later");
            return;
        }
        Thread.ofVirtual().name("artifact-reader").start(() -> {
            try {
                send(request, digest.get());
            } finally {
                readers.release();
            }
        });
    }

    private void send(RoutingContext request, Digest digest) {
        HttpServerResponse response = request.response();
        try {
            long length = source.length(digest);
            long first = first(request);
            if (first > 0 && first >= length) {
                response.putHeader("Content-Range", "bytes */" + length);
                fail(request, 416, "the artifact has " + length + " bytes");
                return;
            }
            response.putHeader("Content-Type", "application/octet-stream")
                    .putHeader("Accept-Ranges", "bytes")
                    .putHeader("ETag", '"' + digest.hex() + '"')
                    .putHeader("Content-Length", Long.toString(length - first));
            if (first > 0) {
                response.setStatusCode(206)
                        .putHeader("Content-Range", "bytes " + first + "-" + (length - 1) + "/" + length);
            }
            if (request.request().method().equals(HttpMethod.HEAD)) {
                response.end();
                return;
            }
            copy(digest, first, response);
        } catch (NoSuchArtifactException e) {
            fail(request, 404, e.getMessage());
        } catch (ArtifactException | IOException | ExecutionException | TimeoutException e) {
            abort(request, digest, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            abort(request, digest, e);
        }
    }

    private void copy(Digest digest, long first, HttpServerResponse response)
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        try (InputStream in = source.open(digest, first)) {
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                // Completes when the connection has taken the bytes: a slow reader holds one chunk.
                response.write(Buffer.buffer(Arrays.copyOf(chunk, count)))
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(STALL_SECONDS, TimeUnit.SECONDS);
            }
            response.end();
        }
    }

    /** First byte of the answer; other forms of {@code Range} are answered with the whole artifact. */
    private static long first(RoutingContext request) {
        String range = request.request().getHeader("Range");
        Matcher matcher = RANGE.matcher(range == null ? "" : range.strip());
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
    }

    private static void fail(RoutingContext request, int status, String message) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .end(message + "\n");
    }

    private static void abort(RoutingContext request, Digest digest, Exception e) {
        if (request.response().headWritten()) {
            // The reader sees fewer bytes than Content-Length and resumes.
            LOG.debugf(e, "reading of artifact %s ended early", digest);
            request.request().connection().close();
        } else {
            LOG.errorf(e, "artifact %s cannot be read", digest);
            request.response().headers().clear();
            fail(request, 503, "the artifact cannot be read now");
        }
    }
}
