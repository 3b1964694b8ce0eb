package io.rootstock.cli.command.data;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock data watch}. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        header = "Watch the job of a corpus",
        description = "Replays past events and prints new ones until the job ends. Exits with code 1 if it did not"
                + " succeed.",
        footer = {"", "Example:", "  rootstock data watch web --json > events.jsonl"})
final class DataWatchCommand extends ServiceCommand {
    @Parameters(paramLabel = "CORPUS", description = "Corpus name")
    private String corpus;

    @Override
    protected int run(Clients clients, Console console) {
        return WatchedCorpus.watch(clients, console, Names.of("corpora", corpus));
    }
}
