package io.rootstock.cli.command.dataset;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.DeleteCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.tokenizer.v1.DeleteDatasetRequest;
import io.rootstock.tokenizer.v1.DeleteDatasetResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock dataset delete}. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        header = "Delete a dataset",
        description = "Fails while a job that has not succeeded uses it. `rootstock prune` frees its files.",
        footer = {"", "Example:", "  rootstock dataset delete javadoc"})
final class DatasetDeleteCommand extends DeleteCommand {
    @Parameters(paramLabel = "DATASET", description = "Dataset name")
    private String dataset;

    @Override
    protected int run(Clients clients, Console console) {
        String name = Names.of("datasets", dataset);
        return delete(console, name, "delete " + name + "?", () -> {
            DeleteDatasetResponse _ = clients.datasets()
                    .deleteDataset(
                            DeleteDatasetRequest.newBuilder().setName(name).build());
        });
    }
}
