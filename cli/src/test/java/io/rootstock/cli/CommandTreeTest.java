package io.rootstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The commands of one invocation behave as the same commands among all others. */
final class CommandTreeTest {
    private final CommandLine whole = line(CommandTree.allCommands());

    @Test
    void everyNamedCommandHasItsHelp() {
        List<String[]> paths = new ArrayList<>();
        paths(whole, new ArrayList<>(), paths);
        assertThat(paths).hasSizeGreaterThan(100);
        for (String[] path : paths) {
            CommandLine expected = whole;
            CommandLine actual = line(CommandTree.of(path));
            for (String name : path) {
                expected = expected.getSubcommands().get(name);
                actual = actual.getSubcommands().get(name);
            }
            assertThat(actual.getUsageMessage(Ansi.OFF)).isEqualTo(expected.getUsageMessage(Ansi.OFF));
        }
    }

    @Test
    void theHelpOfThePartsListsAllCommands() {
        assertThat(line(CommandTree.of("--help")).getUsageMessage(Ansi.OFF)).isEqualTo(whole.getUsageMessage(Ansi.OFF));
    }

    @Test
    void commandsThatAreNotNamedHaveNoOptions() {
        CommandLine line = line(CommandTree.of("models", "list"));
        assertThat(line.getSubcommands()
                        .get("models")
                        .getSubcommands()
                        .get("list")
                        .getCommandSpec()
                        .options())
                .hasSizeGreaterThan(10);
        assertThat(line.getSubcommands()
                        .get("models")
                        .getSubcommands()
                        .get("show")
                        .getCommandSpec()
                        .options())
                .isEmpty();
        assertThat(line.getSubcommands().get("jobs").getSubcommands()).isEmpty();
    }

    @Test
    void anUnknownCommandIsReportedWithTheSimilarOnes() {
        StringWriter err = new StringWriter();
        String[] arguments = {"models", "lst"};
        int code = Rootstock.commandLine(
                        CommandTree.of(arguments), new PrintWriter(new StringWriter()), new PrintWriter(err, true))
                .execute(arguments);
        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("'lst'").contains("models list");
    }

    private static void paths(CommandLine line, List<String> path, List<String[]> paths) {
        line.getSubcommands().forEach((name, subcommand) -> {
            List<String> longer = new ArrayList<>(path);
            longer.add(name);
            paths.add(longer.toArray(String[]::new));
            paths(subcommand, longer, paths);
        });
    }

    private static CommandLine line(CommandTree tree) {
        return Rootstock.commandLine(tree, new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()));
    }
}
