package io.rootstock.registry.webhook;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Decides which endpoints webhooks may have: https on public addresses, unless private ones are permitted. */
public final class EndpointPolicy {
    private static final String HINT = "; the setting rootstock.registry.webhook-private-addresses permits it";
    private static final int MAX_URL_LENGTH = 2000;
    private static final int MAX_PORT = 65_535;

    private final boolean privateAddresses;
    private final Resolver resolver;

    /** Resolves host names. */
    @FunctionalInterface
    interface Resolver {
        /** Returns the addresses of a host, at least one. */
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /** Creates a policy; {@code privateAddresses} permits all addresses, and http. */
    public EndpointPolicy(boolean privateAddresses) {
        this(privateAddresses, InetAddress::getAllByName);
    }

    EndpointPolicy(boolean privateAddresses, Resolver resolver) {
        this.privateAddresses = privateAddresses;
        this.resolver = resolver;
    }

    /** Returns the reason why a URL has the wrong form; empty if its form is right. */
    Optional<String> violation(String url) {
        if (url.isEmpty() || url.length() > MAX_URL_LENGTH) {
            return Optional.of("must have 1 to " + MAX_URL_LENGTH + " characters, has " + url.length());
        }
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            return Optional.of("must be a URL: " + e.getReason() + " at character " + e.getIndex());
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (uri.getHost() == null || !Set.of("http", "https").contains(scheme) || uri.getPort() > MAX_PORT) {
            return Optional.of("must be of the form https://HOST[:PORT]/PATH");
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            return Optional.of("must have neither a user nor a fragment");
        }
        return scheme.equals("https") || privateAddresses
                ? Optional.empty()
                : Optional.of("must begin with https://" + HINT);
    }

    /**
     * Resolves the host of an endpoint. Connect to the returned address: a second resolution may give another one.
     *
     * @throws IOException with a message for users if the host is unknown or one of its addresses is not permitted
     */
    InetAddress resolve(String host) throws IOException {
        InetAddress[] addresses;
        try {
            addresses = resolver.resolve(host);
        } catch (UnknownHostException e) {
            throw new IOException(host + " cannot be resolved", e);
        }
        for (InetAddress address : addresses) {
            if (!privateAddresses && !PublicAddress.isPublic(address)) {
                throw new IOException(
                        host + " has the address " + address.getHostAddress() + ", which is not public" + HINT);
            }
        }
        return addresses[0];
    }
}
