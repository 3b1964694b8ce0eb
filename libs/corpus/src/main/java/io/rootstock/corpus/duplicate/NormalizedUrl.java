package io.rootstock.corpus.duplicate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/**
 * Normal form of a web address by the rules of RFC 3986, sections 6.2.2 and 6.2.3
 * (https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2): scheme and host in lower case, percent-encodings in upper case,
 * encodings of unreserved characters decoded, dot segments, default ports and the fragment removed, an empty path as
 * {@code /}. Query parameters are kept in their order, and {@code http} differs from {@code https}.
 */
public final class NormalizedUrl {
    private NormalizedUrl() {}

    /** Returns the normal form; an address without scheme and authority only loses its fragment and outer spaces. */
    public static String of(String url) {
        String trimmed = before(url.strip(), '#');
        int colon = trimmed.indexOf(':');
        if (colon <= 0 || !trimmed.startsWith("//", colon + 1)) {
            return trimmed;
        }
        String scheme = trimmed.substring(0, colon).toLowerCase(Locale.ROOT);
        String rest = trimmed.substring(colon + 3);
        int pathStart = firstOf(rest, '/', '?');
        String tail = rest.substring(pathStart);
        int query = tail.indexOf('?');
        String path = percent(query < 0 ? tail : tail.substring(0, query));
        return scheme + "://" + authority(scheme, rest.substring(0, pathStart)) + withoutDots(path)
                + (query < 0 ? "" : percent(tail.substring(query)));
    }

    private static String authority(String scheme, String authority) {
        int at = authority.lastIndexOf('@') + 1;
        String host = percent(authority.substring(at)).toLowerCase(Locale.ROOT);
        String port = defaultPort(scheme);
        if (host.endsWith(":")) {
            host = host.substring(0, host.length() - 1);
        } else if (!port.isEmpty() && host.endsWith(port)) {
            host = host.substring(0, host.length() - port.length());
        }
        return authority.substring(0, at) + host;
    }

    private static String defaultPort(String scheme) {
        return switch (scheme) {
            case "http" -> ":80";
            case "https" -> ":443";
            case "ftp" -> ":21";
            default -> "";
        };
    }

    /** Removes dot segments (RFC 3986, section 5.2.4). */
    private static String withoutDots(String path) {
        if (path.isEmpty()) {
            return "/";
        }
        if (!path.contains("/.")) {
            return path;
        }
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            switch (segments[i]) {
                case "." -> {}
                case ".." -> kept.pollLast();
                default -> kept.addLast(segments[i]);
            }
            if (last && (segments[i].equals(".") || segments[i].equals(".."))) {
                kept.addLast("");
            }
        }
        return "/" + String.join("/", kept);
    }

    private static String percent(String text) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        StringBuilder result = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
            if (low < 0) {
                result.append(c);
                continue;
            }
            char decoded = (char) (high * 16 + low);
            if (isUnreserved(decoded)) {
                result.append(decoded);
            } else {
                result.append(text.substring(i, i + 3).toUpperCase(Locale.ROOT));
            }
            i += 2;
        }
        return result.toString();
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }

    private static String before(String text, char end) {
        int index = text.indexOf(end);
        return index < 0 ? text : text.substring(0, index);
    }

    private static int firstOf(String text, char one, char other) {
        int first = text.indexOf(one);
        int second = text.indexOf(other);
        if (first < 0 || second < 0) {
            int found = Math.max(first, second);
            return found < 0 ? text.length() : found;
        }
        return Math.min(first, second);
    }
}
