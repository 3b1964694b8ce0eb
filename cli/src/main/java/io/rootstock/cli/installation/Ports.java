package io.rootstock.cli.installation;

import io.rootstock.cli.error.CliException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Selects ports for the services. */
final class Ports {

    record Pair(int grpc, int http) {}

    private Ports() {}

    /** Ports from {@code portBase}; free ports if it is 0. */
    static Map<Service, Pair> choose(int portBase) {
        Map<Service, Pair> chosen = new EnumMap<>(Service.class);
        if (portBase != 0) {
            for (Service service : Service.values()) {
                chosen.put(service, new Pair(service.grpcPort(portBase), service.httpPort(portBase)));
            }
            return chosen;
        }
        Iterator<Integer> free = free(2 * Service.values().length).iterator();
        for (Service service : Service.values()) {
            chosen.put(service, new Pair(free.next(), free.next()));
        }
        return chosen;
    }

    /**
     * The ports of the last start. A service that was not started before gets the port that follows from the ports of the
     * others, or a free port if those are free ports.
     *
     * @param last ports of the services that were started before
     * @param portBase port base if no service was started before; 0: free ports
     */
    static Map<Service, Pair> remembered(Map<Service, Pair> last, int portBase) {
        int base = portBase;
        for (Map.Entry<Service, Pair> known : last.entrySet()) {
            int own = known.getValue().grpc() - known.getKey().grpcPort(0);
            base = known.getValue().http() == known.getKey().httpPort(own) ? own : 0;
        }
        Map<Service, Pair> ports = new EnumMap<>(Service.class);
        ports.putAll(last);
        if (ports.size() < Service.values().length) {
            choose(base).forEach(ports::putIfAbsent);
        }
        return ports;
    }

    /** Throws if a port of the service is in use. */
    static void requireFree(Service service, Pair ports) {
        if (service.hasRpcs()) {
            requireFree(service, ports.grpc(), "gRPC");
        }
        requireFree(service, ports.http(), "HTTP");
    }

    private static void requireFree(Service service, int port, String use) {
        if (!isFree(port)) {
            throw new CliException(
                    "port " + port + " (" + service.label() + ", " + use + ") is already in use",
                    "stop the program that uses it, or set other ports: rootstock up --port-base 7500 (0: free ports)");
        }
    }

    /** Whether a server can listen at the port of the loopback interface. */
    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // Like the services: a port in TIME_WAIT is free.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    /** The ports that a service listens at. */
    static List<Integer> of(Service service, Pair ports) {
        return service.hasRpcs() ? List.of(ports.grpc(), ports.http()) : List.of(ports.http());
    }

    /** Distinct free ports; all sockets stay open until the last port is found. */
    private static List<Integer> free(int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException("no free port", failure);
        } finally {
            for (ServerSocket socket : held) {
                try {
                    socket.close();
                } catch (IOException ignored) {
                    // Ignored: the socket has no connections.
                }
            }
        }
    }
}
