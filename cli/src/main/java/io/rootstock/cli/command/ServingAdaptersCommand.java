package io.rootstock.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code rootstock serving adapters}: groups its commands. */
@Command(
        name = "adapters",
        mixinStandardHelpOptions = true,
        description = "Low-rank adapters of a served version; another version starts without.",
        footer = {"", "Example:", "  rootstock serving adapters list javadoc"},
        subcommands = {
            ServingAdaptersLoadCommand.class,
            ServingAdaptersUnloadCommand.class,
            ServingAdaptersListCommand.class
        })
final class ServingAdaptersCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        return RootCommand.showHelp(spec);
    }
}
