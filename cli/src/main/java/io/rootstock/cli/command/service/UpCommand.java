package io.rootstock.cli.command.service;

import io.rootstock.cli.command.CommonOptions;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.doctor.Doctor;
import io.rootstock.cli.doctor.Machine;
import io.rootstock.cli.installation.Foreground;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.JavaHome;
import io.rootstock.cli.installation.Service;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rootstock up}. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        header = "Start the services on this machine",
        description =
                "Checks space, memory and ports, starts the five services on the loopback interface and waits until"
                        + " they are healthy. A start that fails leaves nothing running that it has started. Running"
                        + " services of the current build are not restarted. A supervisor stays, which starts a service"
                        + " again when it has ended, after 1 second, doubling to 60 seconds while it keeps ending.",
        footer = {"", "Example:", "  rootstock up --port-base 7500"})
public final class UpCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Option(
            names = "--port-base",
            paramLabel = "PORT",
            description = "First gRPC port; HTTP ports start at PORT + 10; 0 selects free ports"
                    + " [default: as last started, else 7400]")
    private Integer portBase;

    @Option(
            names = "--foreground",
            description = "Stay until a service exits or this command is ended, then stop the services; for systemd."
                    + " Leaves no supervisor")
    private boolean foreground;

    @Override
    public Integer call() {
        Console console = common.console();
        Installation installation = common.installation(portBase);
        long start = System.nanoTime();
        console.note("starting services with data directory " + installation.home());
        Doctor.requireStartable(Machine.current(JavaHome.search()), installation);
        List<Service> started = foreground ? installation.start() : installation.up();
        console.note(
                started.isEmpty()
                        ? "all services are already running"
                        : started.size() + " services started in "
                                + Format.duration((System.nanoTime() - start) * 1e-9));
        installation
                .running(Service.REGISTRY)
                .ifPresent(registry -> console.note("web console: http://127.0.0.1:" + registry.httpPort() + "/"));
        if (!foreground) {
            return StatusCommand.show(installation, console);
        }
        new Foreground(installation).run(() -> {
            int _ = StatusCommand.show(installation, console);
        });
        return 0;
    }
}
