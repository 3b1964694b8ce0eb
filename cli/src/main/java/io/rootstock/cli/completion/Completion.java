package io.rootstock.cli.completion;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Finds the candidates of the last word of an incomplete invocation. It reads the words before as picocli does: a word after
 * an option with a value is that value, and a name of a command is a command as long as no argument came before.
 */
public final class Completion {
    /** First argument of an invocation that asks for candidates. */
    public static final String COMMAND = "__complete";

    /** The command whose arguments are names of commands. */
    private static final String HELP = "help";

    private final CommandLine root;
    private final ResourceNames names;

    /**
     * @param root the command line, with the commands that the words name
     * @param names names of resources
     */
    public Completion(CommandLine root, ResourceNames names) {
        this.root = root;
        this.names = names;
    }

    /**
     * Returns the lines that the scripts of the shells read.
     *
     * @param words the words after {@code rootstock}; the last one, which may be empty, is completed
     */
    public List<String> lines(List<String> words) {
        if (words.isEmpty()) {
            return List.of();
        }
        String current = words.getLast();
        return candidates(words.subList(0, words.size() - 1), current).stream()
                .filter(candidate ->
                        candidate.equals(Candidate.FILES) || candidate.value().startsWith(current))
                .map(Candidate::line)
                .distinct()
                .toList();
    }

    /** Command, argument or option that the words before the last one lead to. */
    private record Place(
            CommandLine command, int arguments, Optional<OptionSpec> option, boolean optionsEnded, boolean isHelp) {}

    private List<Candidate> candidates(List<String> before, String current) {
        Place place = place(before);
        if (place.isHelp()) {
            return helpArguments(place, current);
        }
        if (place.option().isPresent()) {
            return values(place.option().get(), current);
        }
        if (!place.optionsEnded() && current.startsWith("-")) {
            int equals = current.indexOf('=');
            return equals < 0
                    ? options(place.command())
                    : assignments(place.command(), current.substring(0, equals), current.substring(equals + 1));
        }
        List<Candidate> found = new ArrayList<>();
        if (place.arguments() == 0) {
            found.addAll(commands(place.command()));
        }
        argument(place).ifPresent(argument -> found.addAll(values(argument, current)));
        return found;
    }

    private Place place(List<String> before) {
        CommandLine command = root;
        int arguments = 0;
        boolean ended = false;
        boolean isHelp = false;
        Optional<OptionSpec> pending = Optional.empty();
        for (String word : before) {
            if (pending.isPresent()) {
                pending = Optional.empty();
            } else if (!ended && word.equals("--")) {
                ended = true;
            } else if (!ended && word.length() > 1 && word.startsWith("-")) {
                pending = Optional.ofNullable(option(command, word)).filter(Completion::takesValue);
            } else if (arguments == 0 && command == root && word.equals(HELP)) {
                isHelp = true;
            } else if (arguments == 0 && command.getSubcommands().containsKey(word)) {
                command = command.getSubcommands().get(word);
            } else {
                arguments++;
            }
        }
        return new Place(command, arguments, pending, ended, isHelp);
    }

    /** The command's option, or the global one that may stand before the command. */
    private OptionSpec option(CommandLine command, String name) {
        OptionSpec option = command.getCommandSpec().findOption(name);
        return option == null ? root.getCommandSpec().findOption(name) : option;
    }

    private List<Candidate> helpArguments(Place place, String current) {
        if (current.startsWith("-")) {
            return options(root.getSubcommands().get(HELP));
        }
        return place.arguments() == 0 ? commands(place.command()) : List.of();
    }

    private static boolean takesValue(OptionSpec option) {
        return option.arity().min() > 0;
    }

    private static List<Candidate> commands(CommandLine command) {
        return command.getSubcommands().entrySet().stream()
                .filter(entry ->
                        !entry.getValue().getCommandSpec().usageMessage().hidden())
                .map(entry -> new Candidate(
                        entry.getKey(),
                        String.join(
                                " ",
                                entry.getValue().getCommandSpec().usageMessage().header())))
                .toList();
    }

    private static List<Candidate> options(CommandLine command) {
        return command.getCommandSpec().options().stream()
                .filter(option -> !option.hidden())
                .map(option -> new Candidate(option.longestName(), firstSentence(option)))
                .toList();
    }

    /** The description up to its first period or bracket. */
    private static String firstSentence(OptionSpec option) {
        return String.join(" ", option.description()).split("[.;:\\[(]", 2)[0];
    }

    private List<Candidate> assignments(CommandLine command, String name, String value) {
        OptionSpec option = command.getCommandSpec().findOption(name);
        return option == null
                ? List.of()
                : values(option, value).stream()
                        .map(candidate -> candidate.equals(Candidate.FILES)
                                ? candidate
                                : new Candidate(name + "=" + candidate.value(), candidate.description()))
                        .toList();
    }

    private static Optional<PositionalParamSpec> argument(Place place) {
        return place.command().getCommandSpec().positionalParameters().stream()
                .filter(argument -> argument.index().contains(place.arguments()))
                .findFirst();
    }

    /** Possible values of an option or argument. */
    private List<Candidate> values(ArgSpec argument, String current) {
        Class<?> type = argument.auxiliaryTypes().length > 0 ? argument.auxiliaryTypes()[0] : argument.type();
        if (type.isEnum()) {
            return Stream.of(type.getEnumConstants())
                    .map(constant -> new Candidate(constantName(constant), ""))
                    .toList();
        }
        if (argument.paramLabel().matches("[a-z0-9_]+(\\|[a-z0-9_]+)+")) {
            return Stream.of(argument.paramLabel().split("\\|", -1))
                    .map(value -> new Candidate(value, ""))
                    .toList();
        }
        if (Path.class.isAssignableFrom(type)) {
            return List.of(Candidate.FILES);
        }
        return names.of(argument.paramLabel().replaceFirst("[0-9]+$", ""), current).stream()
                .map(name -> new Candidate(name, ""))
                .toList();
    }

    /** The constant's text in lower case, which options accept. */
    private static String constantName(Object constant) {
        return constant.toString().toLowerCase(Locale.ROOT);
    }

    /** Shells with a completion script. */
    public enum Shell {
        BASH,
        ZSH,
        FISH;

        /** The script that completes commands when the shell reads it, such as in {@code ~/.bashrc}. */
        public String script() {
            try (InputStream file = Shell.class.getResourceAsStream("rootstock." + name().toLowerCase(Locale.ROOT))) {
                return new String(file.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    /**
     * A possible word.
     *
     * @param value the word
     * @param description shown beside it by zsh and fish; may be empty
     */
    private record Candidate(String value, String description) {
        /** The shell completes names of files. */
        static final Candidate FILES = new Candidate(":files", "");

        /** As the scripts of the shells read it: the word and, after a tab, its description. */
        String line() {
            String text = description.replaceAll("\\s+", " ").strip();
            return text.isEmpty() ? value : value + "\t" + text;
        }
    }
}
