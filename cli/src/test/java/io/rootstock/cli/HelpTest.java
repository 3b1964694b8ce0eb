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
                assertThat(help).as(name).containsAnyOf("--json", "--help-all");
            }
        }
    }

    @Test
    void theRootListsEachCommandOnceUnderAHeading() {
        String help = run("--help");
        assertThat(help.lines().filter(line -> line.matches("[A-Z][a-z ]+:")))
                .containsSubsequence("Start:", "Data:", "Train:", "Models:", "Evaluate:", "Serve:", "Operate:");
        CommandLine root = commands().getFirst();
        assertThat(help.lines().takeWhile(line -> !line.startsWith("Options")).filter(line -> line.startsWith("  ")))
                .map(line -> line.strip().split(" ", 2)[0])
                .containsExactlyInAnyOrderElementsOf(root.getSubcommands().keySet());
        assertThat(help)
                .contains("  finetune       Fine-tune a base model")
                .contains("--home")
                .doesNotContain("--token-file");
        assertThat(run("--help-all")).contains("--token-file").contains("--registry-endpoint");
    }

    @Test
    void longCommandsShowTheirMainOptions() {
        for (String name : List.of("finetune", "pretrain")) {
            String help = run(name, "--help");
            assertThat(help.lines().filter(line -> line.matches(" +-.*")))
                    .as(name)
                    .hasSize(13);
            assertThat(help)
                    .contains("--dataset", "--model", "--learning-rate", "--help-all")
                    .doesNotContain("--beta1");
            assertThat(run(name, "--help-all")).contains("--beta1", "--registry-endpoint", "--dataset", "--json");
        }
    }

    @Test
    void helpNamesACommand() {
        assertThat(run("help")).isEqualTo(run("--help"));
        assertThat(run("help", "pretrain")).isEqualTo(run("pretrain", "--help"));
        assertThat(run("--home", "x", "help", "models", "promote")).isEqualTo(run("models", "promote", "--help"));
        assertThat(run("help", "models", "--json")).startsWith("{\"").contains("\"command\":\"rootstock models\"");
        StringWriter err = new StringWriter();
        String[] unknown = {"help", "models", "pormote"};
        assertThat(Rootstock.commandLine(
                                CommandTree.of(unknown),
                                new PrintWriter(new StringWriter()),
                                new PrintWriter(err, true))
                        .execute(unknown))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("unknown command 'pormote' of rootstock models")
                .contains("hint: rootstock models --help");
    }

    /** Runs a command that succeeds and returns its output. */
    private static String run(String... arguments) {
        StringWriter out = new StringWriter();
        int code = Rootstock.commandLine(
                        CommandTree.of(arguments), new PrintWriter(out, true), new PrintWriter(new StringWriter()))
                .execute(arguments);
        assertThat(code).isZero();
        return out.toString();
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
