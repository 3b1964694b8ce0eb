package io.rootstock.cli.command.dataset;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.DeletionCommand;
import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.Subcommands;
import io.rootstock.cli.display.Console;
import io.rootstock.tokenizer.v1.DeleteDatasetRequest;
import io.rootstock.tokenizer.v1.DeleteDatasetResponse;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock dataset}: groups its commands. */
@Command(
        name = "dataset",
        mixinStandardHelpOptions = true,
        header = "Prepare and inspect datasets",
        footer = {"", "Example:", "  rootstock dataset prepare --help"})
@Subcommands({
    DatasetPrepareCommand.class,
    DatasetListCommand.class,
    DatasetShowCommand.class,
    DatasetRowsCommand.class,
    DatasetCommand.DeleteCommand.class
})
public final class DatasetCommand extends GroupCommand {
    /** {@code rootstock dataset delete}. */
    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            header = "Delete a dataset",
            description = "Fails while a job that has not succeeded uses it. `rootstock prune` frees its files.",
            footer = {"", "Example:", "  rootstock dataset delete javadoc"})
    static final class DeleteCommand extends DeletionCommand {
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
}
