package io.rootstock.cli;

import io.rootstock.cli.command.Subcommands;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Creates commands and, by their {@link Subcommands}, the commands below them. For an invocation, only the commands that it
 * names are created in full, and the others with their name and header: a command has some forty options, and reading those
 * of all commands takes longer than most commands run.
 */
final class CommandTree {
    /** Words that name commands; empty: all commands are created in full. */
    private final Optional<Set<String>> words;

    private CommandTree(Optional<Set<String>> words) {
        this.words = words;
    }

    /** Creates all commands in full. */
    static CommandTree allCommands() {
        return new CommandTree(Optional.empty());
    }

    /**
     * Creates the commands of one invocation.
     *
     * @param arguments arguments of the invocation; one that is the value of an option and equals the name of a command makes
     *     that command complete, which only costs time
     */
    static CommandTree of(String... arguments) {
        return new CommandTree(Optional.of(Set.copyOf(Arrays.asList(arguments))));
    }

    /** The command of this type, with the commands below it. */
    CommandLine create(Class<?> type) {
        CommandLine line = new CommandLine(type);
        for (Subcommands heading : type.getAnnotationsByType(Subcommands.class)) {
            for (Class<?> subcommand : heading.value()) {
                Command command = subcommand.getAnnotation(Command.class);
                line.addSubcommand(isNamed(command) ? create(subcommand) : outline(command));
            }
        }
        return line;
    }

    private boolean isNamed(Command command) {
        return words.map(named -> named.contains(command.name())).orElse(true);
    }

    private static CommandLine outline(Command command) {
        CommandSpec outline = CommandSpec.create().name(command.name());
        outline.usageMessage().header(command.header()).hidden(command.hidden());
        return new CommandLine(outline);
    }
}
