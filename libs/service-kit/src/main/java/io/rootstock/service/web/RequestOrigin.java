package io.rootstock.service.web;

import io.rootstock.client.Endpoint;
import io.rootstock.service.BearerToken;
import io.rootstock.service.Errors;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Refuses requests that a page of another site makes in the browser of a user, with PERMISSION_DENIED. Without tokens,
 * requests must also name this machine: else a page could call by a name of its own that resolves to this machine (DNS
 * rebinding).
 */
@ApplicationScoped
public class RequestOrigin {
    private static final Set<String> SAME_SITE = Set.of("same-origin", "none");
    private static final String REASON = "CROSS_ORIGIN";

    private final boolean tokenRequired;
    private final List<String> origins;

    /** Required by the CDI client proxy. */
    RequestOrigin() {
        this(true, List.of());
    }

    @Inject
    RequestOrigin(BearerToken token, WebSettings settings) {
        this(token.isRequired(), settings.origins().orElse(List.of()));
    }

    RequestOrigin(boolean tokenRequired, List<String> origins) {
        this.tokenRequired = tokenRequired;
        this.origins = List.copyOf(origins);
    }

    /**
     * Checks {@link #host} and the headers {@code Origin} and {@code Sec-Fetch-Site}.
     *
     * @throws io.grpc.StatusRuntimeException PERMISSION_DENIED, reasons CROSS_ORIGIN and HOST_NOT_LOCAL
     */
    public void check(HttpServerRequest request) {
        check(host(request), request.getHeader("Origin"), request.getHeader("Sec-Fetch-Site"));
    }

    /** Returns the name and port that a request is addressed to, such as {@code localhost:7410}; null: none. */
    public static String host(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            return request.getHeader("Host");
        }
        return request.authority() == null ? null : request.authority().toString();
    }

    void check(String host, String origin, String site) {
        if (!tokenRequired && !isLoopback(host)) {
            throw Errors.permissionDenied(
                    "HOST_NOT_LOCAL",
                    "a service without tokens answers at localhost and loopback addresses only, not at " + host
                            + "; set rootstock.auth.token-file");
        }
        if (origin != null && origins.contains(origin)) {
            return;
        }
        if (site != null && !SAME_SITE.contains(site)) {
            throw refused("a page of another site", host);
        }
        if (origin != null && !isAt(origin, host)) {
            throw refused(origin, host);
        }
    }

    private static RuntimeException refused(String origin, String host) {
        return Errors.permissionDenied(
                REASON,
                "pages of " + host + " may call, not " + origin
                        + "; for a proxy in front of the service, add the origin to rootstock.web.origins");
    }

    /**
     * Whether a request is addressed to this machine.
     *
     * @param host as returned by {@link #host}
     */
    public static boolean isLoopback(String host) {
        if (host == null) {
            return false;
        }
        try {
            URI uri = URI.create("http://" + host);
            return uri.getHost() != null && new Endpoint(unbracketed(uri.getHost()), 1).isLoopback();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String unbracketed(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.startsWith("[") ? lower.substring(1, lower.length() - 1) : lower;
    }

    /** The scheme is not compared: a proxy may end TLS. A port that is the default of the scheme may be missing. */
    private static boolean isAt(String origin, String host) {
        if (host == null) {
            return false;
        }
        try {
            URI uri = URI.create(origin);
            URI own = URI.create(uri.getScheme() + "://" + host);
            return uri.getHost() != null && uri.getHost().equalsIgnoreCase(own.getHost()) && port(uri) == port(own);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return "https".equals(uri.getScheme()) ? 443 : 80;
    }
}
