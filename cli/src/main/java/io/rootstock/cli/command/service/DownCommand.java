package io.rootstock.cli.command.service;

import io.rootstock.cli.command.CommonOptions;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.Service;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rootstock down}. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        header = "Stop the services on this machine",
        description = "The supervisor stops first. Services drain requests before they exit. Training runs stop at a"
                + " checkpoint and resume after the next `rootstock up`. A service that has not exited after 65"
                + " seconds is killed.",
        footer = {"", "Example:", "  rootstock down"})
public final class DownCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        Console console = common.console();
        Installation installation = common.installation();
        List<String> stopped = installation.stop().stream().map(Service::label).toList();
        console.printJson(Map.of("stopped", stopped));
        console.print(stopped.isEmpty() ? "no running services" : "stopped: " + String.join(", ", stopped));
        return 0;
    }
}
