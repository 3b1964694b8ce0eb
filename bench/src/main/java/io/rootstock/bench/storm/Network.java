package io.rootstock.bench.storm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Addresses of the processes. With network namespaces, each process has one, connected to this process, which forwards
 * packets between them; else all addresses are on loopback, and partitions are omitted.
 */
final class Network {
    private static final Path NAMESPACES = Path.of("/run/netns");

    private final boolean namespaces;

    /**
     * Creates the namespaces.
     *
     * @param namespaces whether this process is root in network and mount namespaces of its own
     */
    Network(boolean namespaces) {
        this.namespaces = namespaces;
        if (!namespaces) {
            return;
        }
        try {
            Commands.run(
                    "mount",
                    "-t",
                    "tmpfs",
                    "tmpfs",
                    Files.createDirectories(NAMESPACES).toString());
            Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Commands.run("ip", "link", "set", "lo", "up");
        Commands.run("ip", "address", "add", hub() + "/32", "dev", "lo");
        for (Place place : Place.values()) {
            String name = place.label();
            Commands.run("ip", "netns", "add", name);
            Commands.run("ip", "link", "add", link(place), "type", "veth", "peer", "name", "eth0", "netns", name);
            Commands.run("ip", "address", "add", gateway(place) + "/24", "dev", link(place));
            Commands.run("ip", "link", "set", link(place), "up");
            Commands.run("ip", "-n", name, "address", "add", address(place) + "/24", "dev", "eth0");
            Commands.run("ip", "-n", name, "link", "set", "eth0", "up");
            Commands.run("ip", "-n", name, "link", "set", "lo", "up");
            Commands.run("ip", "-n", name, "route", "add", "default", "via", gateway(place));
        }
    }

    boolean hasPartitions() {
        return namespaces;
    }

    String address(Place place) {
        return namespaces ? "10.77." + place.number() + ".2" : "127.77." + place.number() + ".2";
    }

    /** Address of this process for all others. */
    String hub() {
        return namespaces ? "10.77.0.1" : "127.77.0.1";
    }

    /** Returns the command that runs a program in the place's namespace, with the pid of the started process. */
    List<String> command(Place place, List<String> program) {
        List<String> command = new ArrayList<>();
        if (namespaces) {
            command.add("nsenter");
            command.add("--net=" + NAMESPACES.resolve(place.label()));
        }
        command.addAll(program);
        return command;
    }

    /** Cuts a place off from all others, as if its cable were pulled. */
    void isolate(Place place) {
        Commands.run("ip", "link", "set", link(place), "down");
    }

    /** Ends {@link #isolate}. */
    void rejoin(Place place) {
        Commands.run("ip", "link", "set", link(place), "up");
    }

    /** Drops all packets between two places without an answer. */
    void separate(Place one, Place other) {
        rule("add", one, other);
        rule("add", other, one);
    }

    /** Ends {@link #separate}. */
    void reunite(Place one, Place other) {
        rule("delete", one, other);
        rule("delete", other, one);
    }

    private void rule(String action, Place from, Place to) {
        Commands.run("ip", "rule", action, "from", address(from), "to", address(to), "blackhole");
    }

    private String gateway(Place place) {
        return "10.77." + place.number() + ".1";
    }

    private static String link(Place place) {
        return "v-" + place.label();
    }
}
