package io.rootstock.cli.command.model;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ListOptions;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.display.MixturePlanTable;
import io.rootstock.cli.display.Table;
import io.rootstock.registry.v1.ListVersionsRequest;
import io.rootstock.registry.v1.ListVersionsResponse;
import io.rootstock.registry.v1.Version;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock models versions}. */
@Command(
        name = "versions",
        mixinStandardHelpOptions = true,
        header = "List the versions of a model, newest first",
        footer = {"", "Example:", "  rootstock models versions javadoc"})
final class ModelsVersionsCommand extends ServiceCommand {
    private static final int METRICS_WIDTH = 70;

    @Parameters(paramLabel = "MODEL", description = "Model name")
    private String model;

    @Mixin
    private ListOptions list;

    @Option(names = "--tag", paramLabel = "KEY=VALUE", description = "Only versions with this tag; can be repeated")
    private Map<String, String> tags = new LinkedHashMap<>();

    @Option(names = "--archived", description = "Also list archived versions")
    private boolean archived;

    @Override
    protected int run(Clients clients, Console console) {
        List<Version> versions = list.read(
                console,
                (size, token) -> clients.models()
                        .listVersions(ListVersionsRequest.newBuilder()
                                .setModel(Names.of("models", model))
                                .setPageSize(size)
                                .setPageToken(token)
                                .setFilter(list.filter())
                                .setOrderBy(list.orderBy())
                                .putAllTags(tags)
                                .setShowArchived(archived)
                                .build()),
                ListVersionsResponse::getVersionsList,
                ListVersionsResponse::getNextPageToken);
        Table table = new Table("version", "kind", "parent", "dataset", "special tokens", "created", "metrics");
        for (Version version : versions) {
            console.printJson(version);
            String metrics = new TreeMap<>(version.getMetricsMap())
                    .entrySet().stream()
                            .map(metric -> metric.getKey() + " " + Format.fixed(metric.getValue(), 3))
                            .collect(Collectors.joining(", "));
            table.row(
                    Names.brief(version.getName()),
                    Labels.of(version.getKind()),
                    version.getParent().isEmpty() ? "-" : Names.brief(version.getParent()),
                    MixturePlanTable.brief(version),
                    SpecialTokenText.of(version),
                    Format.time(version.getCreateTime()),
                    Format.fit(metrics, METRICS_WIDTH));
        }
        table.print(console);
        if (versions.stream().anyMatch(version -> SpecialTokenText.of(version).equals(SpecialTokenText.UNKNOWN))) {
            console.note("special tokens '" + SpecialTokenText.UNKNOWN
                    + "': exported by an earlier release that did not record" + " whether BOS is added");
            console.note("hint: rootstock models export MODEL:NUMBER DIRECTORY, then rootstock models import NAME"
                    + " DIRECTORY/huggingface");
        }
        return 0;
    }
}
