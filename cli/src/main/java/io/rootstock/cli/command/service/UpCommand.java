package io.rootstock.cli.command.service;

import io.rootstock.cli.command.CommonOptions;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.installation.Installation;
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
        description = "Starts the four services on this machine, on loopback, and waits until they serve."
                + " What runs already stays as it is.",
        footer = {"", "Example:", "  rootstock up --port-base 7500"})
public final class UpCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Option(
            names = "--port-base",
            paramLabel = "PORT",
            defaultValue = "7400",
            description = "First of the four gRPC ports; HTTP ports start ten above. 0: any free ports."
                    + " Default: ${DEFAULT-VALUE}.")
    private int portBase;

    @Override
    public Integer call() {
        Console console = common.console();
        Installation installation = common.installation(portBase);
        long start = System.nanoTime();
        console.note("starting what does not run in " + installation.home());
        List<Service> started = installation.start();
        console.note(
                started.isEmpty()
                        ? "all services ran already"
                        : started.size() + " services started in "
                                + Format.duration((System.nanoTime() - start) * 1e-9));
        return StatusCommand.show(installation, console);
    }
}
