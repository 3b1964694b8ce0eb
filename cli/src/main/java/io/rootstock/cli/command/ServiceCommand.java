package io.rootstock.cli.command;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.display.Console;
import java.nio.file.Path;
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

    /** Runs the command and returns the exit code. Exceptions are reported by the program. */
    protected abstract int run(Clients clients, Console console);

    /** A usage error: printed with a hint to the help, exit code 2. */
    protected final ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Reason of a change, for the history of an alias; may be empty. */
    protected final String reason() {
        return common.reason();
    }

    /** The data directory. */
    protected final Path home() {
        return common.home();
    }

    @Override
    public final Integer call() {
        try (Clients clients = new Clients(common.endpoints(), common.reason())) {
            return run(clients, common.console());
        }
    }
}
