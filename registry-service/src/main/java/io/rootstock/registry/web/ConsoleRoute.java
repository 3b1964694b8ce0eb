package io.rootstock.registry.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/**
 * Serves the console: its page at {@code /console} and below, its files at {@code /assets}. Names of files contain
 * their hashes, so that browsers keep them; they load the page each time. Scripts come from this address only, and no
 * other page may frame this one.
 */
@ApplicationScoped
class ConsoleRoute {
    private static final String PAGE = "index.html";
    /** Placeholder in the page; each response has another value. */
    private static final String NONCE = "rootstock-nonce";

    private static final int NONCE_BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private ConsoleFiles files;

    void register(@Observes Router router) {
        router.get("/")
                .handler(routing -> withHeaders(routing.response())
                        .setStatusCode(302)
                        .putHeader("Location", "/console")
                        .end());
        for (String path : new String[] {"/console", "/console/*"}) {
            router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::page);
        }
        router.route("/assets/*").method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::asset);
    }

    private void page(RoutingContext routing) {
        Optional<ConsoleFiles.ConsoleFile> page = files().find(PAGE);
        if (page.isEmpty()) {
            missing(routing, "this registry was built without the console");
            return;
        }
        String nonce = nonce();
        HttpServerResponse response = withHeaders(routing.response());
        response.putHeader("Content-Security-Policy", policy(nonce))
                .putHeader("Cache-Control", "no-store")
                .putHeader("Content-Type", page.get().type());
        String html = page.get().content().toString(StandardCharsets.UTF_8).replace(NONCE, nonce);
        end(routing, Buffer.buffer(html));
    }

    private void asset(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        Optional<ConsoleFiles.ConsoleFile> found =
                files().find(routing.normalizedPath().substring(1));
        if (found.isEmpty()) {
            missing(routing, "the console has no such file; reload its page");
            return;
        }
        ConsoleFiles.ConsoleFile file = found.get();
        HttpServerResponse response = withHeaders(routing.response());
        response.putHeader("Cache-Control", "public, max-age=31536000, immutable")
                .putHeader("ETag", file.etag())
                .putHeader("Vary", "Accept-Encoding")
                .putHeader("Content-Type", file.type());
        if (file.etag().equals(request.getHeader("If-None-Match"))) {
            response.setStatusCode(304).end();
            return;
        }
        String accepted = request.getHeader("Accept-Encoding");
        if (file.compressed().isPresent() && accepted != null && accepted.contains("gzip")) {
            response.putHeader("Content-Encoding", "gzip");
            end(routing, file.compressed().get());
        } else {
            end(routing, file.content());
        }
    }

    private static void end(RoutingContext routing, Buffer body) {
        routing.response().putHeader("Content-Length", Integer.toString(body.length()));
        if (routing.request().method().equals(HttpMethod.HEAD)) {
            routing.response().end();
        } else {
            routing.response().end(body);
        }
    }

    private static void missing(RoutingContext routing, String message) {
        withHeaders(routing.response())
                .setStatusCode(404)
                .putHeader("Cache-Control", "no-store")
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .end(message + "\n");
    }

    private static HttpServerResponse withHeaders(HttpServerResponse response) {
        return response.putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin");
    }

    /** Styles of the component library are written by its script, with the nonce. */
    private static String policy(String nonce) {
        return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce
                + "'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'"
                + "; frame-ancestors 'none'";
    }

    private String nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return Base64.getEncoder().withoutPadding().encodeToString(bytes);
    }

    private synchronized ConsoleFiles files() {
        if (files == null) {
            files = ConsoleFiles.read();
        }
        return files;
    }
}
