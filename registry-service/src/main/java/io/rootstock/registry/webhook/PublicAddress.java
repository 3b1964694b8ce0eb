package io.rootstock.registry.webhook;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/** Distinguishes public addresses from reserved ones: loopback, private, link-local, multicast and others. */
final class PublicAddress {
    private static final List<Network> RESERVED = networks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20");

    /** The only block of IPv6 with public addresses. */
    private static final Network GLOBAL_UNICAST = Network.of("2000::/3");

    /** IPv4 addresses behind a NAT64 gateway, in the last 4 bytes. */
    private static final Network NAT64 = Network.of("64:ff9b::/96");

    private static final int NAT64_PREFIX_BYTES = 12;

    private PublicAddress() {}

    /** Returns true if an address is neither reserved nor stands for a reserved one. */
    static boolean isPublic(InetAddress address) {
        return switch (address) {
            case Inet4Address ipv4 -> !isReserved(ipv4);
            case Inet6Address ipv6 when NAT64.contains(ipv6) -> isPublic(embedded(ipv6));
            case Inet6Address ipv6 -> GLOBAL_UNICAST.contains(ipv6) && !isReserved(ipv6);
            default -> false;
        };
    }

    private static boolean isReserved(InetAddress address) {
        return RESERVED.stream().anyMatch(network -> network.contains(address));
    }

    private static InetAddress embedded(Inet6Address address) {
        byte[] bytes = address.getAddress();
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, NAT64_PREFIX_BYTES, bytes.length));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 bytes are an IPv4 address", e);
        }
    }

    private static List<Network> networks(String... texts) {
        return Arrays.stream(texts).map(Network::of).toList();
    }

    /**
     * A block of addresses.
     *
     * @param bits number of leading bits that all addresses share
     */
    private record Network(InetAddress first, int bits) {
        static Network of(String text) {
            int slash = text.indexOf('/');
            return new Network(
                    InetAddress.ofLiteral(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
        }

        boolean contains(InetAddress address) {
            byte[] prefix = first.getAddress();
            byte[] bytes = address.getAddress();
            if (prefix.length != bytes.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % Byte.SIZE;
                if (((prefix[bit / Byte.SIZE] ^ bytes[bit / Byte.SIZE]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }
}
