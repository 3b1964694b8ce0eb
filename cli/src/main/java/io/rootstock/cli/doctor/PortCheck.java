package io.rootstock.cli.doctor;

import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.Service;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The ports of services that are not running are free. */
record PortCheck(Installation installation) implements Check {
    private static final String NAME = "ports";

    @Override
    public List<Finding> run() {
        Map<Service, List<Integer>> taken = installation.takenPorts();
        if (taken.isEmpty()) {
            return List.of(Finding.ok(NAME, "free, or used by the services"));
        }
        return taken.entrySet().stream()
                .map(service -> Finding.error(
                        NAME,
                        "another program uses port "
                                + service.getValue().stream()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(", "))
                                + " of the " + service.getKey().label() + " service",
                        "stop it (ss -ltnp shows it), or set other ports: rootstock up --port-base 7500 (0: free"
                                + " ports)"))
                .toList();
    }
}
