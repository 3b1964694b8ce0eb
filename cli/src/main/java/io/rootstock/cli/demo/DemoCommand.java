package io.rootstock.cli.demo;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Endpoints;
import io.rootstock.cli.command.CommonOptions;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.installation.Installation;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rootstock demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Takes a model through its whole life on the Javadoc of the JDK: tokenizer, dataset,"
                + " pre-training, two fine-tunes, promotion, serving. At most eight minutes on two cores; a second"
                + " run goes on from what is there.",
        footer = {"", "Example:", "  rootstock demo --seconds 60"})
public final class DemoCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Option(
            names = "--corpus",
            paramLabel = "FILE",
            description = "A JDK's src.zip, or a folder of Java sources. Default: the lib/src.zip of this JDK.")
    private Path corpus;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "330",
            description = "Seconds of training in all. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "javadoc",
            description = "Name of what it makes; another name starts afresh. Default: ${DEFAULT-VALUE}.")
    private String name;

    @Option(
            names = "--port-base",
            paramLabel = "PORT",
            defaultValue = "7400",
            description = "First of the services' ports; 0: any free ones. Default: ${DEFAULT-VALUE}.")
    private int portBase;

    @Override
    public Integer call() {
        Console console = common.console();
        Installation installation = common.installation(portBase);
        new Demo(new DemoOptions(name, corpus, seconds), installation, console)
                .run(() -> new Clients(Endpoints.local(installation)));
        return 0;
    }
}
