package io.rootstock.cli.command.service;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.EndpointHealth;
import io.rootstock.cli.command.CommonOptions;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.Service;
import io.rootstock.cli.installation.ServiceStatus;
import io.rootstock.cli.installation.ServiceStatus.Health;
import io.rootstock.cli.installation.SupervisorRecord.Restarts;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rootstock status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        header = "Show the health of the services",
        description =
                "Shows health, version, process ID, restarts, endpoints and log of each service of the data directory,"
                        + " and the last exit of one that has ended. Exits with code 1 if a service is not serving, or"
                        + " calls another service at a port that it does not use, or the supervisor has been killed. With"
                        + " endpoints (options or environment variables), shows the health of the services at these"
                        + " endpoints instead, such as in a cluster.",
        footer = {
            "",
            "Examples:",
            "  rootstock status --json",
            "  rootstock status --registry-endpoint registry.example:7400"
        })
public final class StatusCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        List<Service> given = Service.withRpcs().stream()
                .filter(service -> common.givenEndpoint(service).isPresent())
                .toList();
        if (given.isEmpty()) {
            return show(common.installation(), common.console());
        }
        try (Clients clients = new Clients(common.endpoints())) {
            return show(clients, given, common.console());
        }
    }

    /** Prints the health of services at their endpoints. Returns exit code 0 if all are serving, else 1. */
    private static int show(Clients clients, List<Service> services, Console console) {
        Table table = new Table("service", "health", "gRPC");
        boolean serving = true;
        for (Service service : services) {
            EndpointHealth status = EndpointHealth.of(clients, service);
            serving &= status.health() == Health.SERVING;
            table.row(service.label(), text(status.health()), clients.address(service));
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("service", service.label());
            json.put("health", status.health().name());
            json.put("endpoint", clients.address(service));
            console.printJson(json);
            if (!status.reason().isEmpty()) {
                console.note("error: the " + service.label() + " service at " + clients.address(service)
                        + " is unreachable: " + status.reason());
            }
        }
        table.print(console);
        return serving ? 0 : 1;
    }

    private static String text(Health health) {
        return health.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Prints the status of all services. Returns exit code 0 if all are serving, else 1. */
    static int show(Installation installation, Console console) {
        List<ServiceStatus> rows = installation.status();
        Table table = new Table("service", "health", "version", "pid", "restarts", "gRPC", "HTTP", "log");
        for (ServiceStatus row : rows) {
            boolean running = row.health() != Health.STOPPED;
            table.row(
                    row.service().label(),
                    text(row.health()),
                    row.version(),
                    running ? row.pid() : "-",
                    row.restarts().count(),
                    running && !row.endpoint().isEmpty() ? row.endpoint() : "-",
                    running ? "127.0.0.1:" + row.httpPort() : "-",
                    installation.log(row.service()));
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("service", row.service().label());
            json.put("health", row.health().name());
            json.put("version", row.version());
            json.put("pid", row.pid());
            json.put("endpoint", row.endpoint());
            json.put("http_port", row.httpPort());
            json.put("log", installation.log(row.service()).toString());
            json.put("broken_links", row.brokenLinks());
            json.put("restarts", row.restarts().count());
            json.put("last_exit_time", time(row.restarts().exitMillis()));
            json.put("last_exit_code", row.restarts().exitCode());
            json.put("next_start_time", time(row.restarts().nextMillis()));
            console.printJson(json);
        }
        table.print(console);
        boolean linked = true;
        for (ServiceStatus row : rows) {
            if (row.restarts().exitMillis() != 0) {
                console.note("note: " + exit(row));
            }
            for (String link : row.brokenLinks()) {
                linked = false;
                console.note("error: the " + row.service().label() + " service calls the " + link);
                console.note("hint: rootstock up, which restarts it");
            }
        }
        boolean supervised = installation
                .supervisor()
                .map(supervisor -> supervisor.process().isPresent())
                .orElse(true);
        if (!supervised && rows.stream().anyMatch(row -> row.health() != Health.STOPPED)) {
            console.note("error: the supervisor of the services has ended: a service that ends is not started again");
            console.note("hint: rootstock up, which starts a new one");
            return 1;
        }
        return linked && rows.stream().allMatch(row -> row.health() == Health.SERVING) ? 0 : 1;
    }

    private static String exit(ServiceStatus row) {
        Restarts restarts = row.restarts();
        return "the " + row.service().label() + " service ended at " + local(restarts.exitMillis())
                + (restarts.exitCode() < 0 ? "" : " with exit code " + restarts.exitCode()) + "; started again "
                + Format.counted(restarts.count(), "time")
                + (restarts.nextMillis() == 0 ? "" : ", next at " + local(restarts.nextMillis()));
    }

    private static String local(long millis) {
        return Format.time(Instant.ofEpochMilli(millis));
    }

    /** In ISO 8601; empty if there is none. */
    private static String time(long millis) {
        return millis == 0 ? "" : Instant.ofEpochMilli(millis).toString();
    }
}
