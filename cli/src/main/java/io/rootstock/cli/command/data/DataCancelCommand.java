package io.rootstock.cli.command.data;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.tokenizer.v1.CancelCorpusRequest;
import io.rootstock.tokenizer.v1.Corpus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock data cancel}. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        header = "Cancel the job of a corpus",
        description = "Finished units are kept for `rootstock data resume`.",
        footer = {"", "Example:", "  rootstock data cancel web"})
final class DataCancelCommand extends ServiceCommand {
    @Parameters(paramLabel = "CORPUS", description = "Corpus name")
    private String corpus;

    @Override
    protected int run(Clients clients, Console console) {
        Corpus cancelled = clients.corpora()
                .cancelCorpus(CancelCorpusRequest.newBuilder()
                        .setName(Names.of("corpora", corpus))
                        .build())
                .getCorpus();
        console.printJson(cancelled);
        console.print(
                cancelled.getName() + " " + CorpusDisplay.withMessage(cancelled.getState(), cancelled.getMessage()));
        return 0;
    }
}
