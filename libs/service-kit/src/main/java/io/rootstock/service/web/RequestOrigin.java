package io.rootstock.service.web;

import io.grpc.StatusRuntimeException;
import io.rootstock.client.Endpoint;
import io.rootstock.service.BearerToken;
import io.rootstock.service.Errors;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Refuses requests that a page of another site makes in the browser of a user, with PERMISSION_DENIED. Without tokens,
 * requests must also name this machine: else a page could call by a name of its own that resolves to this machine (DNS
 * rebinding).
 */
@ApplicationScoped
public class RequestOrigin {
    private static final Set<String> SAME_SITE = Set.of("same-origin", "none");
    /** An address of IPv6 in brackets, or a name or an address of IPv4; names of a container network may have underscores. */
    private static final Pattern HOST = Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)]|([A-Za-z0-9._-]+))(?::\\d*)?");

    private static final String REASON = "CROSS_ORIGIN";

    private final boolean tokenRequired;
    private final List<String> origins;
    private final List<String> hosts;

    /** Required by the CDI client proxy. */
    RequestOrigin() {
        this(true, List.of(), List.of());
    }

    @Inject
    RequestOrigin(BearerToken token, WebSettings settings) {
        this(
                token.isRequired(),
                settings.origins().orElse(List.of()),
                settings.hosts().orElse(List.of()));
    }

    RequestOrigin(boolean tokenRequired, List<String> origins, List<String> hosts) {
        this.tokenRequired = tokenRequired;
        this.origins = List.copyOf(origins);
        this.hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
    }

    /** Checks the host of every request before other routes; a request without the header comes from no browser. */
    void register(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE + 2).handler(routing -> {
            String host = host(routing.request());
            if (host == null || isAllowed(host)) {
                routing.next();
            } else {
                CallResponse.refuse(routing.response(), hostNotLocal(host), 403);
            }
        });
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
        if (!isAllowed(host)) {
            throw hostNotLocal(host);
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

    private boolean isAllowed(String host) {
        return tokenRequired || isLoopback(host) || (host != null && hosts.contains(name(host)));
    }

    private static StatusRuntimeException hostNotLocal(String host) {
        return Errors.permissionDenied(
                "HOST_NOT_LOCAL",
                "a service without tokens answers at localhost and loopback addresses only, not at " + host
                        + "; set rootstock.auth.token-file, or add the name to rootstock.web.hosts");
    }

    /** The name of a host without its port, in lower case; empty if it is invalid. */
    private static String name(String host) {
        Matcher parts = HOST.matcher(host);
        return parts.matches()
                ? (parts.group(1) == null ? parts.group(2) : parts.group(1)).toLowerCase(Locale.ROOT)
                : "";
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
        String name = host == null ? "" : name(host);
        // Browsers resolve all names below localhost to this machine.
        return name.endsWith(".localhost") || (!name.isEmpty() && new Endpoint(name, 1).isLoopback());
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
