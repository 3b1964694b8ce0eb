package io.rootstock.bench.reference;

import io.rootstock.cli.Rootstock;
import io.rootstock.cli.command.Subcommands;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * {@code commands.md} and a page for each heading of the help: every command with its arguments, options, defaults and
 * examples.
 */
final class CommandReference {
    private static final List<String> COLUMNS = List.of("Option", "Value", "Default", "Description");

    private final Set<String> shared;
    private final StringBuilder page = new StringBuilder();

    private CommandReference(Set<String> shared) {
        this.shared = shared;
    }

    /** The pages by their file names. */
    static Map<String, String> pages() {
        CommandLine root =
                Rootstock.commandLine(new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()));
        List<CommandSpec> leaves = leaves(root).toList();
        Set<String> shared = new TreeSet<>(keys(leaves.getFirst()));
        leaves.forEach(leaf -> shared.retainAll(keys(leaf)));
        Map<String, String> pages = new LinkedHashMap<>();
        List<List<String>> contents = new ArrayList<>();
        for (Subcommands heading : headings(root)) {
            List<CommandLine> commands = Stream.of(heading.value())
                    .map(type -> type.getAnnotation(Command.class).name())
                    .map(name -> root.getSubcommands().get(name))
                    .toList();
            String file =
                    "commands/" + heading.heading().toLowerCase(Locale.ROOT).replace(' ', '-') + ".md";
            contents.add(List.of(
                    "[" + heading.heading() + "](" + file + ")",
                    commands.stream()
                            .map(command -> Markdown.code(command.getCommandName()))
                            .collect(Collectors.joining(", "))));
            pages.put(file, new CommandReference(shared).group(heading.heading(), commands));
        }
        pages.put(
                "commands.md", new CommandReference(shared).index(root.getCommandSpec(), contents, leaves.getFirst()));
        return pages;
    }

    private static Subcommands[] headings(CommandLine command) {
        return command.getCommandSpec().userObject().getClass().getAnnotationsByType(Subcommands.class);
    }

    private String index(CommandSpec root, List<List<String>> contents, CommandSpec leaf) {
        page.append("# Commands\n\n"
                + "The command line as `./rootstock help COMMAND` describes it, in a page for each heading of"
                + " `./rootstock --help`.\n\n");
        page.append(Markdown.table(List.of("Page", "Commands"), contents));
        addSynopsis(root);
        addFooter(root);
        page.append("## Options of every command\n\nThey may also stand before the name of the command.\n\n");
        addOptions(leaf, true);
        return text();
    }

    private String group(String heading, List<CommandLine> commands) {
        page.append("# Commands: ").append(heading.toLowerCase(Locale.ROOT)).append("\n\n");
        page.append("[Options of every command](../commands.md#options-of-every-command) are not repeated.\n\n");
        page.append(Markdown.table(
                List.of("Command", "Description"),
                commands.stream()
                        .flatMap(CommandReference::leaves)
                        .map(command -> List.of(
                                "[`" + command.qualifiedName() + "`](#"
                                        + command.qualifiedName().replace(' ', '-') + ")",
                                Markdown.text(plain(command.usageMessage().header()))))
                        .toList()));
        commands.stream().flatMap(CommandReference::commands).forEach(command -> addCommand(command.getCommandSpec()));
        return text();
    }

    private String text() {
        return page.toString().stripTrailing() + "\n";
    }

    private static Stream<CommandSpec> leaves(CommandLine command) {
        return commands(command).filter(each -> each.getSubcommands().isEmpty()).map(CommandLine::getCommandSpec);
    }

    private static Stream<CommandLine> commands(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(CommandReference::commands));
    }

    private static Set<String> keys(CommandSpec command) {
        return command.options().stream().map(CommandReference::key).collect(Collectors.toSet());
    }

    /** Options of two commands are the same if they have equal names and descriptions. */
    private static String key(OptionSpec option) {
        return String.join(" ", option.names()) + ": " + plain(option.description());
    }

    private void addCommand(CommandSpec command) {
        page.append("## ").append(command.qualifiedName()).append("\n\n");
        page.append(Markdown.text(description(command))).append("\n\n");
        addSynopsis(command);
        page.append(Markdown.table(
                List.of("Argument", "Default", "Description"),
                command.positionalParameters().stream()
                        .map(CommandReference::argumentRow)
                        .toList()));
        addOptions(command, false);
        addFooter(command);
    }

    private void addSynopsis(CommandSpec command) {
        addFenced(List.of(new CommandLine.Help(command, Ansi.OFF).synopsis(0).strip()));
    }

    private static String description(CommandSpec command) {
        return Stream.of(command.usageMessage().header(), command.usageMessage().description())
                .map(CommandReference::plain)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(". "));
    }

    /** One table for the options outside of groups, then one under each group's heading. */
    private void addOptions(CommandSpec command, boolean onlyShared) {
        addTable(
                command.options().stream()
                        .filter(option -> option.group() == null)
                        .toList(),
                onlyShared);
        command.argGroups().stream()
                .sorted(Comparator.comparingInt(ArgGroupSpec::order))
                .forEach(group -> addGroup(group, onlyShared));
    }

    private void addGroup(ArgGroupSpec group, boolean onlyShared) {
        List<OptionSpec> options = group.allOptionsNested().stream()
                .filter(option -> onlyShared == shared.contains(key(option)))
                .toList();
        if (options.isEmpty()) {
            return;
        }
        if (group.heading() != null) {
            page.append(Markdown.text(plain(group.heading()))).append("\n\n");
        }
        addTable(options, onlyShared);
    }

    private void addTable(List<OptionSpec> options, boolean onlyShared) {
        page.append(Markdown.table(
                COLUMNS,
                options.stream()
                        .filter(option -> !option.hidden())
                        .filter(option -> onlyShared == shared.contains(key(option)))
                        .map(CommandReference::optionRow)
                        .toList()));
    }

    private static List<String> optionRow(OptionSpec option) {
        String names = Stream.of(option.names()).map(Markdown::code).collect(Collectors.joining(", "));
        boolean flag = option.arity().max() == 0;
        return List.of(
                option.required() && option.group() == null ? names + " (required)" : names,
                flag ? "" : Markdown.code(option.paramLabel()),
                flag ? "" : Markdown.code(defaultValue(option)),
                describe(option));
    }

    private static List<String> argumentRow(PositionalParamSpec argument) {
        String name = Markdown.code(argument.paramLabel());
        return List.of(
                argument.arity().max() > 1 ? name + " ..." : name,
                Markdown.code(defaultValue(argument)),
                describe(argument));
    }

    private static String defaultValue(ArgSpec argument) {
        String value = argument.defaultValueString(true);
        return value == null || Set.of("null", "[]", "{}").contains(value) ? "" : value;
    }

    /** The description without its own mention of the default, which has a column. */
    private static String describe(ArgSpec argument) {
        String value = defaultValue(argument);
        String text = plain(argument.description());
        return Markdown.text(value.isEmpty() ? text : text.replace(" [default: " + value + "]", ""));
    }

    /** Indented lines of the footer are examples. */
    private void addFooter(CommandSpec command) {
        List<String> examples = new ArrayList<>();
        for (String line : command.usageMessage().footer()) {
            String text = Ansi.OFF.string(String.format(line));
            if (text.startsWith("  ")) {
                examples.add(text.substring(2));
                continue;
            }
            addFenced(examples);
            examples.clear();
            if (!text.isBlank()) {
                page.append(Markdown.text(text)).append("\n\n");
            }
        }
        addFenced(examples);
    }

    private void addFenced(List<String> lines) {
        if (!lines.isEmpty()) {
            page.append("```\n").append(String.join("\n", lines)).append("\n```\n\n");
        }
    }

    /** picocli's text without its format directives and markup, on one line. */
    private static String plain(String... lines) {
        return Ansi.OFF
                .string(String.format(String.join(" ", lines)))
                .replaceAll("\\s+", " ")
                .strip();
    }
}
