package io.rootstock.cli.command.dataset;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.DatasetRows;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.DatasetRowText;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.GetDatasetRequest;
import io.rootstock.tokenizer.v1.ReadDatasetRowsRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock dataset rows}. */
@Command(
        name = "rows",
        mixinStandardHelpOptions = true,
        header = "Print the rows of a split as JSON Lines",
        description = "Decodes the stored tokens, so that other programs can use the same rows. Fields: text"
                + " (pretraining), text and label (classification), prompt and output (instruction), prompt, chosen"
                + " and rejected (preference). A prompt includes the special tokens of the chat template.",
        footer = {"", "Example:", "  rootstock dataset rows spam --split test > test.jsonl"})
final class DatasetRowsCommand extends ServiceCommand {
    @Parameters(paramLabel = "DATASET", description = "Dataset name")
    private String dataset;

    @Option(names = "--split", required = true, paramLabel = "train|validation|test", description = "Split to print")
    private String split;

    @Option(
            names = "--source",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Source to print [default: all sources, in order]")
    private String source;

    @Option(
            names = "--skip",
            paramLabel = "N",
            defaultValue = "0",
            description = "Number of rows to skip [default: ${DEFAULT-VALUE}]")
    private long skip;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "0",
            description = "Maximum number of rows; 0: all [default: ${DEFAULT-VALUE}]")
    private long rows;

    @Override
    protected int run(Clients clients, Console console) {
        String name = Names.of("datasets", dataset);
        DatasetKind kind = clients.datasets()
                .getDataset(GetDatasetRequest.newBuilder().setName(name).build())
                .getDataset()
                .getKind();
        DatasetRows read = new DatasetRows(
                clients.datasets(),
                ReadDatasetRowsRequest.newBuilder()
                        .setName(name)
                        .setSplit(split)
                        .setSource(source)
                        .setSkip(skip)
                        .setMaxRows(rows)
                        .build());
        boolean open = true;
        while (open && read.hasNext()) {
            open = console.printLine(DatasetRowText.fields(kind, read.next()));
        }
        return 0;
    }
}
