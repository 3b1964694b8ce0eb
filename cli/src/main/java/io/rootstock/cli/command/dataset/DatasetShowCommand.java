package io.rootstock.cli.command.dataset;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.MixtureTable;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.GetDatasetRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock dataset show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        header = "Show the sources, splits, classes and rejected rows of a dataset",
        footer = {"", "Example:", "  rootstock dataset show javadoc"})
final class DatasetShowCommand extends ServiceCommand {
    @Parameters(paramLabel = "DATASET", description = "Dataset name")
    private String dataset;

    @Override
    protected int run(Clients clients, Console console) {
        Dataset found = clients.datasets()
                .getDataset(GetDatasetRequest.newBuilder()
                        .setName(Names.of("datasets", dataset))
                        .build())
                .getDataset();
        console.printJson(found);
        MixtureTable.print(found, console);
        return 0;
    }
}
