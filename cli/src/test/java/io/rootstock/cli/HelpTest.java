package io.rootstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Compares all commands, arguments and options with {@code commands.txt}. {@code mvn -pl cli -am test
 * -Dtest=HelpTest -Dsurefire.failIfNoSpecifiedTests=false -Drootstock.update-commands=true} rewrites the file.
 */
final class HelpTest {
    private static final Path EXPECTED = Path.of("src/test/resources/io/rootstock/cli/commands.txt");

    @Test
    void commandsAndOptionsAreUnchanged() throws IOException {
        Map<String, List<String>> commands = new LinkedHashMap<>();
        commands()
                .forEach(command ->
                        commands.put(command.getCommandSpec().qualifiedName(), arguments(command.getCommandSpec())));
        Set<String> common = new LinkedHashSet<>(commands.get("rootstock status"));
        commands.values().stream().filter(arguments -> !arguments.isEmpty()).forEach(common::retainAll);
        StringBuilder actual = new StringBuilder();
        list("common options", List.copyOf(common), actual);
        commands.forEach((name, arguments) -> list(
                name,
                arguments.stream()
                        .filter(argument -> !common.contains(argument))
                        .toList(),
                actual));
        if (Boolean.getBoolean("rootstock.update-commands")) {
            Files.writeString(EXPECTED, actual);
        }
        assertThat(actual.toString())
                .as("commands.txt; rewrite it with -Drootstock.update-commands=true")
                .isEqualTo(Files.readString(EXPECTED));
    }

    @Test
    void everyCommandHasHeaderAndExample() {
        for (CommandLine command : commands()) {
            String name = command.getCommandSpec().qualifiedName();
            String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
            assertThat(command.getCommandSpec().usageMessage().header())
                    .as(name)
                    .hasSize(1);
            assertThat(help).as(name).contains("Example");
            assertThat(command.getCommandSpec().options()).as(name).anyMatch(OptionSpec::usageHelp);
            if (command.getSubcommands().isEmpty()) {
                assertThat(help).as(name).contains("--json");
            }
        }
    }

    private static List<CommandLine> commands() {
        List<CommandLine> commands = new ArrayList<>();
        add(Rootstock.commandLine(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter())), commands);
        return commands;
    }

    private static void add(CommandLine command, List<CommandLine> commands) {
        commands.add(command);
        command.getSubcommands().values().forEach(subcommand -> add(subcommand, commands));
    }

    private static void list(String name, List<String> arguments, StringBuilder text) {
        text.append(name).append('\n');
        arguments.forEach(argument -> text.append("  ").append(argument).append('\n'));
    }

    private static List<String> arguments(CommandSpec command) {
        List<String> arguments = new ArrayList<>();
        for (PositionalParamSpec argument : command.positionalParameters()) {
            arguments.add(argument.paramLabel() + (argument.required() ? "" : " (optional)"));
        }
        for (OptionSpec option : command.options()) {
            if (option.usageHelp() || option.versionHelp()) {
                continue;
            }
            boolean flag = option.typeInfo().isBoolean() && option.arity().max() == 0;
            arguments.add(String.join(", ", option.names())
                    + (flag ? "" : " " + option.paramLabel())
                    + (option.required() && option.group() == null ? " (required)" : ""));
        }
        return arguments;
    }
}
