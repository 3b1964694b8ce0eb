package io.rootstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The command line is a contract: its help is frozen in help.txt, and a change to it is a change to that file. */
final class HelpTest {
    private static final Path PINNED = Path.of("src/test/resources/io/rootstock/cli/help.txt");

    @Test
    void theHelpOfEveryCommandIsAsPinned() throws IOException {
        StringBuilder help = new StringBuilder();
        commands()
                .forEach(command -> help.append("=== ")
                        .append(command.getCommandSpec().qualifiedName())
                        .append('\n')
                        .append(usage(command))
                        .append('\n'));
        if (System.getenv("ROOTSTOCK_PIN_HELP") != null) {
            Files.writeString(PINNED, help);
        }
        assertThat(help.toString())
                .as("a wanted change is pinned with: ROOTSTOCK_PIN_HELP=1 mvn -pl cli -am test")
                .isEqualTo(Files.readString(PINNED));
    }

    @Test
    void everyCommandHasAnExampleAndJson() {
        for (CommandLine command : commands()) {
            String help = usage(command);
            assertThat(help).as(command.getCommandSpec().qualifiedName()).contains("Example");
            if (command.getSubcommands().isEmpty()) {
                assertThat(help).as(command.getCommandSpec().qualifiedName()).contains("--json");
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
        command.getSubcommands().values().forEach(below -> add(below, commands));
    }

    private static String usage(CommandLine command) {
        return command.getUsageMessage(CommandLine.Help.Ansi.OFF);
    }
}
