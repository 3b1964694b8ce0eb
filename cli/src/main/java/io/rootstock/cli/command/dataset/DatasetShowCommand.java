package io.rootstock.cli.command.dataset;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.DatasetRows;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.DatasetRowText;
import io.rootstock.cli.display.MixtureTable;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.DatasetRow;
import io.rootstock.tokenizer.v1.GetDatasetRequest;
import io.rootstock.tokenizer.v1.ReadDatasetRowsRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock dataset show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        header = "Show the sources, splits, classes, warnings and rows of a dataset",
        footer = {
            "",
            "Examples:",
            "  rootstock dataset show javadoc",
            "  rootstock dataset show javadoc --rows 5 --split test"
        })
final class DatasetShowCommand extends ServiceCommand {
    @Parameters(paramLabel = "DATASET", description = "Dataset name")
    private String dataset;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "0",
            description = "Print the first N rows of a split as text: + marks the parts that the loss covers, - those"
                    + " of a rejected answer [default: ${DEFAULT-VALUE}]")
    private long rows;

    @Option(names = "--split", paramLabel = "train|validation|test", description = "Split of --rows [default: train]")
    private String split;

    @Override
    protected int run(Clients clients, Console console) {
        if (rows < 0) {
            throw usage("invalid --rows " + rows + ": must be 0 or more");
        }
        if (split != null && rows == 0) {
            throw usage("--split requires --rows N");
        }
        Dataset found = clients.datasets()
                .getDataset(GetDatasetRequest.newBuilder()
                        .setName(Names.of("datasets", dataset))
                        .build())
                .getDataset();
        console.printJson(found);
        MixtureTable.print(found, console);
        if (rows > 0) {
            printRows(clients, console);
        }
        return 0;
    }

    private void printRows(Clients clients, Console console) {
        String shown = split == null ? "train" : split;
        DatasetRows read = new DatasetRows(
                clients.datasets(),
                ReadDatasetRowsRequest.newBuilder()
                        .setName(Names.of("datasets", dataset))
                        .setSplit(shown)
                        .setMaxRows(rows)
                        .build());
        while (read.hasNext()) {
            DatasetRow row = read.next();
            console.printJson(row);
            console.print("");
            DatasetRowText.lines(shown, row).forEach(console::print);
        }
    }
}
