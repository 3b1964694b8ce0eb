package io.rootstock.corpus.duplicate;

import java.util.ArrayList;
import java.util.List;
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
    private static final String HEX = "0123456789ABCDEF";
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
        String decoded = normaliseEscapes(path);
        return decoded.isEmpty() ? "/" : withoutDotSegments(decoded);
    }

    private static String query(String query) {
        StringBuilder kept = new StringBuilder();
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            String name = (equals < 0 ? parameter : parameter.substring(0, equals)).toLowerCase(Locale.ROOT);
            if (!parameter.isEmpty() && !TRACKING.contains(name) && !name.startsWith(TRACKING_PREFIX)) {
                kept.append(kept.isEmpty() ? '?' : '&').append(normaliseEscapes(parameter));
            }
        }
        return kept.toString();
    }

    /** Resolves {@code .} and {@code ..} in a path that begins with a slash (RFC 3986, section 5.2.4). */
    private static String withoutDotSegments(String path) {
        if (!path.contains("/.")) {
            return path;
        }
        List<String> segments = new ArrayList<>();
        String[] parts = path.substring(1).split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            boolean dots = parts[i].equals(".") || parts[i].equals("..");
            if (parts[i].equals("..") && !segments.isEmpty()) {
                segments.removeLast();
            }
            if (!dots) {
                segments.add(parts[i]);
            } else if (i + 1 == parts.length) {
                segments.add("");
            }
        }
        return "/" + String.join("/", segments);
    }

    /** Decodes unreserved characters and writes other escapes in upper case (RFC 3986, sections 2.3 and 6.2.2). */
    private static String normaliseEscapes(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder normal = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            int value = text.charAt(i) == '%' ? value(text, i) : -1;
            if (value < 0) {
                normal.append(text.charAt(i));
                continue;
            }
            if (isUnreserved(value)) {
                normal.append((char) value);
            } else {
                normal.append('%').append(HEX.charAt(value >> 4)).append(HEX.charAt(value & 0xF));
            }
            i += 2;
        }
        return normal.toString();
    }

    private static int value(String text, int percent) {
        if (percent + 2 >= text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(percent + 1), 16);
        int low = Character.digit(text.charAt(percent + 2), 16);
        return high < 0 || low < 0 ? -1 : (high << 4) | low;
    }

    private static boolean isUnreserved(int value) {
        return (value >= 'a' && value <= 'z')
                || (value >= 'A' && value <= 'Z')
                || (value >= '0' && value <= '9')
                || "-._~".indexOf(value) >= 0;
    }
}
