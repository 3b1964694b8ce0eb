package io.rootstock.cli.command;

import io.rootstock.cli.display.Console;
import java.util.Map;
import picocli.CommandLine.Option;

/** A command that deletes a resource after confirmation. */
public abstract class DeletionCommand extends ServiceCommand {
    @Option(
            names = {"-y", "--yes"},
            description = "Delete without confirmation; without a terminal, commands do not ask")
    private boolean yes;

    /**
     * Asks for confirmation and deletes. Returns the exit code.
     *
     * @param name resource name
     * @param question the confirmation, for example {@code delete models/spam?}
     */
    protected final int delete(Console console, String name, String question, Runnable deletion) {
        if (!yes && !console.confirm(question)) {
            return 0;
        }
        deletion.run();
        console.printJson(Map.of("deleted", name));
        console.print("deleted " + name);
        return 0;
    }
}
