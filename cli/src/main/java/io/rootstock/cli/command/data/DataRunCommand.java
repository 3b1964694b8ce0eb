package io.rootstock.cli.command.data;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.tokenizer.v1.Corpus;
import io.rootstock.tokenizer.v1.CreateCorpusRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rootstock data run}. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        header = "Run a recipe to a corpus",
        description = {
            "Queues a job at the tokenizer service and watches it. Ctrl-C stops watching; the job continues. A job that was"
                    + " cancelled or failed is resumed with `rootstock data resume`; finished units are not repeated.",
            "The files must lie in a directory or S3 address of rootstock.corpus.roots (ROOTSTOCK_CORPUS_ROOTS) [default: the"
                    + " home's data/]."
        },
        footer = {
            "",
            "Examples:",
            "  rootstock data run recipe.yaml",
            "  rootstock data run recipe.yaml --name web-2026 --threads 16 --detach"
        })
final class DataRunCommand extends ServiceCommand {
    @Mixin
    private RecipeArgument recipe;

    @Mixin
    private ExecutionOptions execution;

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the corpus [default: the recipe's file name]")
    private String name;

    @Option(names = "--detach", description = "Exit after queueing; the job runs in the background")
    private boolean detach;

    @Option(
            names = "--request-id",
            paramLabel = "ID",
            defaultValue = "",
            description = "Idempotency key of the request")
    private String requestId;

    @Override
    protected int run(Clients clients, Console console) {
        Corpus corpus = clients.corpora()
                .createCorpus(CreateCorpusRequest.newBuilder()
                        .setName(Names.of("corpora", name == null ? recipe.name() : name))
                        .setRecipe(recipe.read())
                        .setExecution(execution.execution())
                        .setRequestId(requestId)
                        .build())
                .getCorpus();
        if (detach) {
            console.printJson(corpus);
            console.print(corpus.getName());
            console.note("hint: rootstock data watch " + Names.id(corpus.getName()));
            return 0;
        }
        return WatchedCorpus.watch(clients, console, corpus.getName());
    }
}
