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

/** Ports of the services: given ones are checked, free ones are found. */
final class Ports {

    /** The two ports of a service. */
    record Pair(int grpc, int http) {}

    private Ports() {}

    /** Ports counted from a base, or free ones where the base is 0. */
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

    /** Throws where another program listens on a port of the service. */
    static void requireFree(Service service, Pair ports) {
        requireFree(service, ports.grpc(), "gRPC");
        requireFree(service, ports.http(), "HTTP");
    }

    private static void requireFree(Service service, int port, String use) {
        try (ServerSocket socket = new ServerSocket()) {
            // As the services do it: a port in TIME_WAIT after a restart is free.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException taken) {
            throw new CliException(
                    "port " + port + " (" + service.label() + ", " + use + ") is in use by another program",
                    "stop that program, or choose other ports: rootstock up --port-base 7500 (0: any free ones)");
        }
    }

    /** Distinct free ports: all are held open until the last one is found. */
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
                    // A listening socket without connections: nothing to lose.
                }
            }
        }
    }
}
