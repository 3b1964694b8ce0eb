package io.rootstock.corpus.duplicate;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Normal form of a URL, by which pages are compared (RFC 3986, section 6.2; tracking parameters of browsers' lists).
 *
 * <p>Scheme and host are lower-case; a default port, user information, a fragment, tracking parameters and a dot after the
 * host are removed; {@code http} and {@code https} are one; percent-encoded unreserved characters are decoded, other
 * encodings have upper-case digits; dot segments are resolved; an empty path is {@code /}. The order of parameters is
 * unchanged, because it can select a page.
 *
 * @param normal normal form, such as {@code //example.org/a?id=1}
 */
public record UrlKey(String normal) {
    private static final Set<String> TRACKING = Set.of(
            "fbclid",
            "gclid",
            "gclsrc",
            "dclid",
            "gbraid",
            "wbraid",
            "msclkid",
            "yclid",
            "twclid",
            "ttclid",
            "igshid",
            "mc_cid",
            "mc_eid",
            "_ga",
            "_gl",
            "_hsenc",
            "_hsmi",
            "__hstc",
            "__hssc",
            "__hsfp",
            "hsctatracking",
            "vero_id",
            "oly_anon_id",
            "oly_enc_id",
            "mkt_tok",
            "s_cid",
            "wickedid",
            "ref_src",
            "ref_url",
            "srsltid",
            "phpsessid",
            "jsessionid",
            "sessionid");

    private static final String TRACKING_PREFIX = "utm_";

    /** Returns the key of an absolute {@code http} or {@code https} URL; empty for other text. */
    public static Optional<UrlKey> of(String url) {
        String text = url.strip();
        int scheme = text.indexOf("://");
        if (scheme < 0) {
            return Optional.empty();
        }
        String name = text.substring(0, scheme).toLowerCase(Locale.ROOT);
        if (!name.equals("http") && !name.equals("https")) {
            return Optional.empty();
        }
        int fragment = text.indexOf('#');
        String whole = fragment < 0 ? text : text.substring(0, fragment);
        int from = scheme + 3;
        int path = end(whole, from, "/?");
        String host = host(whole.substring(from, path), name);
        if (host.isEmpty()) {
            return Optional.empty();
        }
        int query = end(whole, path, "?");
        String normal = "//" + host + path(whole.substring(path, query));
        return Optional.of(new UrlKey(query == whole.length() ? normal : normal + query(whole.substring(query + 1))));
    }

    private static int end(String text, int from, String ends) {
        int at = from;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return at;
    }

    private static String host(String authority, String scheme) {
        String host = authority.substring(authority.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
        int colon = host.lastIndexOf(':');
        if (colon > host.lastIndexOf(']')) {
            String port = host.substring(colon + 1);
            boolean standard = port.isEmpty() || port.equals(scheme.equals("http") ? "80" : "443");
            String name = withoutDot(host.substring(0, colon));
            return standard ? name : name + ":" + port;
        }
        return withoutDot(host);
    }

    private static String withoutDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static String path(String path) {
        String decoded = PercentEncoding.normalise(path);
        return decoded.isEmpty() ? "/" : DotSegments.resolve(decoded);
    }

    private static String query(String query) {
        StringBuilder kept = new StringBuilder();
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = (equals < 0 ? parameter : parameter.substring(0, equals)).toLowerCase(Locale.ROOT);
            if (!parameter.isEmpty() && !TRACKING.contains(name) && !name.startsWith(TRACKING_PREFIX)) {
                kept.append(kept.isEmpty() ? '?' : '&').append(PercentEncoding.normalise(parameter));
            }
        }
        return kept.toString();
    }
}
