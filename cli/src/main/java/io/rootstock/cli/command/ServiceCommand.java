package io.rootstock.cli.command;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.display.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that calls the services. */
public abstract class ServiceCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    /** Does the command's work; failures are told by the program. Returns the exit code. */
    protected abstract int run(Clients clients, Console console);

    /** A wrong use of the command: shown with its usage, exit code 2. */
    protected final ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    @Override
    public final Integer call() {
        try (Clients clients = new Clients(common.endpoints())) {
            return run(clients, common.console());
        }
    }
}
