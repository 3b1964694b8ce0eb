package io.rootstock.cli.command.dataset;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ListOptions;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.display.Table;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.ListDatasetsRequest;
import io.rootstock.tokenizer.v1.ListDatasetsResponse;
import io.rootstock.tokenizer.v1.SplitStatistics;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rootstock dataset list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        header = "List datasets",
        footer = {"", "Example:", "  rootstock dataset list"})
final class DatasetListCommand extends ServiceCommand {
    @Mixin
    private ListOptions list;

    @Override
    protected int run(Clients clients, Console console) {
        List<Dataset> datasets = list.read(
                console,
                (size, token) -> clients.datasets()
                        .listDatasets(ListDatasetsRequest.newBuilder()
                                .setPageSize(size)
                                .setPageToken(token)
                                .setFilter(list.filter())
                                .setOrderBy(list.orderBy())
                                .build()),
                ListDatasetsResponse::getDatasetsList,
                ListDatasetsResponse::getNextPageToken);
        Table table = new Table("dataset", "kind", "tokenizer", "rows", "tokens", "prepared", "sha256");
        for (Dataset dataset : datasets) {
            console.printJson(dataset);
            table.row(
                    dataset.getName(),
                    Labels.of(dataset.getKind()),
                    dataset.getTokenizer(),
                    Format.count(dataset.getSplitsList().stream()
                            .mapToLong(SplitStatistics::getRows)
                            .sum()),
                    Format.count(dataset.getSplitsList().stream()
                            .mapToLong(SplitStatistics::getTokens)
                            .sum()),
                    Format.time(dataset.getCreateTime()),
                    Format.digest(dataset.getDigest()));
        }
        table.print(console);
        return 0;
    }
}
