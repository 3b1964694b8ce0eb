package io.rootstock.cli.command.data;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Details;
import io.rootstock.cli.display.Format;
import io.rootstock.tokenizer.v1.Corpus;
import io.rootstock.tokenizer.v1.GetCorpusRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock data status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        header = "Show the state of a corpus",
        footer = {"", "Example:", "  rootstock data status web"})
final class DataStatusCommand extends ServiceCommand {
    @Parameters(paramLabel = "CORPUS", description = "Corpus name")
    private String corpus;

    @Override
    protected int run(Clients clients, Console console) {
        Corpus found = clients.corpora()
                .getCorpus(GetCorpusRequest.newBuilder()
                        .setName(Names.of("corpora", corpus))
                        .build())
                .getCorpus();
        console.printJson(found);
        Details details = new Details()
                .add("corpus", found.getName())
                .add("recipe", found.getRecipe().getFileName() + " " + Format.digest(found.getRecipeDigest()))
                .add("state", CorpusDisplay.withMessage(found.getState(), found.getMessage()))
                .add("created", Format.time(found.getCreateTime()))
                .add("updated", Format.time(found.getUpdateTime()));
        if (found.hasProgress() && !found.hasResult()) {
            details.add("progress", CorpusDisplay.line(found.getProgress()));
        }
        if (found.hasResult()) {
            details.add("documents", Format.count(found.getResult().getDocuments()))
                    .add("text", Format.bytes(found.getResult().getTextBytes()))
                    .add(
                            "output",
                            Format.bytes(found.getResult().getOutput().getBytes()) + " "
                                    + Format.digest(
                                            found.getResult().getOutput().getDigest()))
                    .add("tokens", found.getResult().getDataset());
        }
        details.print(console);
        return 0;
    }
}
