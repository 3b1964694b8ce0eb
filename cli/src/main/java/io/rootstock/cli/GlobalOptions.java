package io.rootstock.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import picocli.CommandLine;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Moves the options that all commands have from before or between the names of a command to behind them:
 * {@code --home X jobs --json list} becomes {@code jobs list --home X --json}.
 */
final class GlobalOptions implements IParameterPreprocessor {
    @Override
    @SuppressWarnings("JdkObsolete") // picocli's interface; the top of the stack is the first argument.
    public boolean preprocess(
            Stack<String> arguments, CommandSpec root, ArgSpec none, Map<String, Object> information) {
        List<String> options = new ArrayList<>();
        List<String> names = new ArrayList<>();
        CommandLine command = root.commandLine();
        while (!arguments.isEmpty()) {
            String word = arguments.peek();
            if (command.getSubcommands().containsKey(word)) {
                names.add(arguments.pop());
                command = command.getSubcommands().get(word);
            } else if (isGlobal(root, word)) {
                options.add(arguments.pop());
                if (takesNextWord(root, word) && !arguments.isEmpty()) {
                    options.add(arguments.pop());
                }
            } else {
                break;
            }
        }
        // A command that only has subcommands lacks the options; the root has them.
        List<String> first = command.getSubcommands().isEmpty() ? names : options;
        List<String> second = command.getSubcommands().isEmpty() ? options : names;
        second.reversed().forEach(arguments::push);
        first.reversed().forEach(arguments::push);
        return false;
    }

    private static boolean isGlobal(CommandSpec root, String word) {
        OptionSpec option = option(root, word);
        return option != null && !option.usageHelp() && !option.versionHelp();
    }

    private static boolean takesNextWord(CommandSpec root, String word) {
        return root.findOption(word) != null && option(root, word).arity().min() > 0;
    }

    /** The option of a word such as {@code --output}, {@code --output=json}, {@code -o} or {@code -ojson}. */
    private static OptionSpec option(CommandSpec root, String word) {
        if (word.startsWith("--")) {
            return root.findOption(word.split("=", 2)[0]);
        }
        return word.startsWith("-") && word.length() > 1 ? root.findOption(word.substring(0, 2)) : null;
    }
}
