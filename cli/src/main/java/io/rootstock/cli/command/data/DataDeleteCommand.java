package io.rootstock.cli.command.data;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.DeleteCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.tokenizer.v1.DeleteCorpusRequest;
import io.rootstock.tokenizer.v1.DeleteCorpusResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock data delete}. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        header = "Delete a corpus that has ended, with the files of its job",
        description =
                "Cancel a corpus that has not ended first. Datasets made from it stay. `rootstock prune` frees the"
                        + " documents.",
        footer = {"", "Example:", "  rootstock data delete web"})
final class DataDeleteCommand extends DeleteCommand {
    @Parameters(paramLabel = "CORPUS", description = "Corpus name")
    private String corpus;

    @Override
    protected int run(Clients clients, Console console) {
        String name = Names.of("corpora", corpus);
        return delete(console, name, "delete " + name + " with its events and documents?", () -> {
            DeleteCorpusResponse _ = clients.corpora()
                    .deleteCorpus(DeleteCorpusRequest.newBuilder().setName(name).build());
        });
    }
}
