package io.rootstock.cli.demo;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Endpoints;
import io.rootstock.cli.command.CommonOptions;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.installation.Installation;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rootstock demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        header = "Train, fine-tune and serve a small model on the Javadoc of the JDK",
        description = "Trains a tokenizer, prepares datasets, pre-trains a base model, fine-tunes it twice,"
                + " evaluates the base and the instruction fine-tune on held-out rows, promotes the versions through gates and"
                + " serves them. Takes about six minutes on two CPU cores. A second run reuses what exists and resumes"
                + " unfinished jobs.",
        footer = {"", "Example:", "  rootstock demo --seconds 60"})
public final class DemoCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Option(
            names = "--corpus",
            paramLabel = "FILE",
            description =
                    "src.zip of a JDK, or a directory of Java sources [default: lib/src.zip of the running" + " JDK]")
    private Path corpus;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "210",
            description = "Total training time in seconds [default: ${DEFAULT-VALUE}]")
    private double seconds;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "javadoc",
            description =
                    "Name of the models, the tokenizer, the datasets and the suite to create [default: ${DEFAULT-VALUE}]")
    private String name;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Random seed of the training runs [default: ${DEFAULT-VALUE}]")
    private long seed;

    @Option(
            names = "--port-base",
            paramLabel = "PORT",
            description = "First gRPC port of the services; 0 selects free ports [default: as last started, else 7400]")
    private Integer portBase;

    @Override
    public Integer call() {
        Console console = common.console();
        Installation installation = common.installation(portBase);
        new Demo(new DemoOptions(name, corpus, seconds, seed), installation, console)
                .run(() -> new Clients(new Endpoints(
                        Endpoints.local(installation).addresses(), common.credentials(), Optional.empty())));
        return 0;
    }
}
