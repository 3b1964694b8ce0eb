package io.rootstock.cli.command.service;

import io.rootstock.cli.command.CommonOptions;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Table;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.ServiceStatus;
import io.rootstock.cli.installation.ServiceStatus.Health;
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
        description = "Shows health, version, process ID, endpoints and log of each service. Exits with code 1"
                + " if a service is not serving, or calls another service at a port that it does not use.",
        footer = {"", "Example:", "  rootstock status --json"})
public final class StatusCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        return show(common.installation(), common.console());
    }

    /** Prints the status of all services. Returns exit code 0 if all are serving, else 1. */
    static int show(Installation installation, Console console) {
        List<ServiceStatus> rows = installation.status();
        Table table = new Table("service", "health", "version", "pid", "gRPC", "HTTP", "log");
        for (ServiceStatus row : rows) {
            String health = row.health().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            boolean running = row.health() != Health.STOPPED;
            table.row(
                    row.service().label(),
                    health,
                    row.version(),
                    running ? row.pid() : "-",
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
            console.printJson(json);
        }
        table.print(console);
        boolean linked = true;
        for (ServiceStatus row : rows) {
            for (String link : row.brokenLinks()) {
                linked = false;
                console.note("error: the " + row.service().label() + " service calls the " + link);
                console.note("hint: rootstock up, which restarts it");
            }
        }
        return linked && rows.stream().allMatch(row -> row.health() == Health.SERVING) ? 0 : 1;
    }
}
