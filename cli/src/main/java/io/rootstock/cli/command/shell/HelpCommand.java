package io.rootstock.cli.command.shell;

import io.rootstock.cli.command.CommonOptions;
import io.rootstock.cli.display.Console;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rootstock help}. */
@Command(
        name = "help",
        mixinStandardHelpOptions = true,
        header = "Show the help of a command",
        footer = {"", "Examples:", "  rootstock help", "  rootstock help models promote"})
public final class HelpCommand implements Callable<Integer> {
    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "Names of the command [default: rootstock]")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        CommandLine command = spec.root().commandLine();
        for (String name : names) {
            CommandLine found = command.getSubcommands().get(name);
            if (found == null) {
                throw new ParameterException(
                        command,
                        "unknown command '" + name + "' of "
                                + command.getCommandSpec().qualifiedName());
            }
            command = found;
        }
        Console console = common.console();
        String help = command.getUsageMessage().stripTrailing();
        console.printJson(Map.of("command", command.getCommandSpec().qualifiedName(), "help", help));
        console.print(help);
        return 0;
    }
}
