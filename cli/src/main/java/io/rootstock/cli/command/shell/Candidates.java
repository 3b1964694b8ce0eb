package io.rootstock.cli.command.shell;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.CommonOptions;
import io.rootstock.cli.completion.Completion;
import io.rootstock.cli.completion.ListedNames;
import io.rootstock.cli.error.CliException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Answers the scripts of {@code rootstock completion}: candidates of the last word of an incomplete invocation. */
public final class Candidates {
    private Candidates() {}

    /**
     * Returns the lines that the scripts read; none if the words before are invalid.
     *
     * @param line the command line, with the commands that the words name
     * @param words the words after {@code rootstock}; the last one is completed
     */
    public static List<String> of(CommandLine line, List<String> words) {
        // The connection of the incomplete invocation; its other words are ignored.
        CommonOptions common = new CommonOptions();
        CommandSpec connection = CommandSpec.create().addMixin("common", CommandSpec.forAnnotatedObject(common));
        try {
            new CommandLine(connection)
                    .setUnmatchedArgumentsAllowed(true)
                    .setUnmatchedOptionsArePositionalParams(true)
                    .parseArgs(words.subList(0, Math.max(0, words.size() - 1)).toArray(String[]::new));
            try (Clients clients = new Clients(common.endpoints())) {
                return new Completion(line, new ListedNames(clients)).lines(new ArrayList<>(words));
            }
        } catch (ParameterException | CliException incomplete) {
            return new Completion(line, (_, _) -> List.of()).lines(words);
        }
    }
}
