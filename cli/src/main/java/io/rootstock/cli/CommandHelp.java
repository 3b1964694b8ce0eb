package io.rootstock.cli;

import io.rootstock.cli.command.MainOptions;
import io.rootstock.cli.command.Subcommands;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Help of the commands: options in declaration order, a synopsis without the list of options, commands under their headings,
 * and the {@link MainOptions} alone unless {@code --help-all} is given.
 */
final class CommandHelp {
    private static final String ALL = "--help-all";
    private static final int INDENT = 2;

    private CommandHelp() {}

    /** Formats the help of a command and of the commands below it. */
    static void format(CommandLine line) {
        CommandSpec command = line.getCommandSpec();
        command.usageMessage()
                .abbreviateSynopsis(true)
                .sortOptions(false)
                .synopsisHeading("%nUsage:  ")
                .descriptionHeading(command.usageMessage().description().length == 0 ? "" : "%n")
                .parameterListHeading("%nArguments:%n")
                .optionListHeading(
                        command.parent() == null ? "%nOptions, before or after the command:%n" : "%nOptions:%n")
                .commandListHeading("");
        if (command.userObject() != null) {
            Class<?> type = command.userObject().getClass();
            Subcommands[] headings = type.getAnnotationsByType(Subcommands.class);
            if (headings.length > 0) {
                listCommands(headings, command.usageMessage());
            }
            MainOptions main = type.getAnnotation(MainOptions.class);
            if (main != null) {
                listOptions(main.value(), command);
            }
        }
        line.getSubcommands().values().forEach(CommandHelp::format);
    }

    /** Commands come before options, which are few. */
    private static void listCommands(Subcommands[] headings, UsageMessageSpec usage) {
        List<String> sections = new ArrayList<>(usage.sectionKeys());
        sections.remove(UsageMessageSpec.SECTION_KEY_COMMAND_LIST);
        sections.add(
                sections.indexOf(UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING),
                UsageMessageSpec.SECTION_KEY_COMMAND_LIST);
        usage.sectionKeys(sections);
        usage.sectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, help -> commands(headings, help));
    }

    private static String commands(Subcommands[] headings, Help help) {
        int width = help.commandSpec().usageMessage().width();
        int name = INDENT
                + help.subcommands().keySet().stream()
                        .mapToInt(String::length)
                        .max()
                        .orElse(0);
        StringBuilder text = new StringBuilder();
        for (Subcommands heading : headings) {
            TextTable table = TextTable.forColumns(
                    help.colorScheme(),
                    new Column(name, INDENT, Overflow.SPAN),
                    new Column(width - name, INDENT, Overflow.WRAP));
            for (Class<?> type : heading.value()) {
                Command command = type.getAnnotation(Command.class);
                if (!command.hidden()) {
                    table.addRowValues(
                            help.colorScheme().commandText(command.name()),
                            help.colorScheme().text(String.join(" ", command.header())));
                }
            }
            text.append(System.lineSeparator())
                    .append(heading.heading())
                    .append(':')
                    .append(System.lineSeparator())
                    .append(table);
        }
        return text.toString();
    }

    private static void listOptions(String[] main, CommandSpec command) {
        OptionSpec all = OptionSpec.builder(ALL)
                .type(boolean.class)
                .usageHelp(true)
                .description("Show the help with all options")
                .build();
        command.addOption(all);
        Map<String, CommandLine.IHelpSectionRenderer> sections =
                command.usageMessage().sectionMap();
        CommandLine.IHelpSectionRenderer whole = sections.get(UsageMessageSpec.SECTION_KEY_OPTION_LIST);
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, help -> {
            if (Boolean.TRUE.equals(all.getValue())) {
                return whole.render(help);
            }
            Stream<OptionSpec> shown = Stream.concat(
                    Stream.of(main).map(command::findOption),
                    command.options().stream().filter(option -> option.usageHelp() || option.versionHelp()));
            return help.optionListExcludingGroups(shown.toList());
        });
    }
}
