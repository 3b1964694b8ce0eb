package io.rootstock.cli.command.data;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.tokenizer.v1.CorpusPlan;
import io.rootstock.tokenizer.v1.PlanCorpusRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rootstock data plan}. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        header = "Show what a recipe will read and do",
        description =
                "Checks the recipe and its files, and prints files, bytes and estimated tokens of each source, and"
                        + " estimated time and cost of each stage if every document is kept. Runs nothing.",
        footer = {
            "",
            "Examples:",
            "  rootstock data plan recipe.yaml",
            "  rootstock data plan recipe.yaml --threads 16 --dollars-per-core-hour 0.04"
        })
final class DataPlanCommand extends ServiceCommand {
    @Mixin
    private RecipeArgument recipe;

    @Mixin
    private ExecutionOptions execution;

    @Option(
            names = "--dollars-per-core-hour",
            paramLabel = "PRICE",
            defaultValue = "0",
            description = "Price of a core [default: rootstock.corpus.dollars-per-core-hour]")
    private double price;

    @Override
    protected int run(Clients clients, Console console) {
        CorpusPlan plan = clients.corpora()
                .planCorpus(PlanCorpusRequest.newBuilder()
                        .setRecipe(recipe.read())
                        .setExecution(execution.execution())
                        .setDollarsPerCoreHour(price)
                        .build())
                .getPlan();
        console.printJson(plan);
        PlanTables.print(plan, console);
        return 0;
    }
}
