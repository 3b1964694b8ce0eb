package io.rootstock.cli.command.model;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ListOptions;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.registry.v1.ListModelsRequest;
import io.rootstock.registry.v1.ListModelsResponse;
import io.rootstock.registry.v1.Model;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rootstock models list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        header = "List models",
        footer = {"", "Example:", "  rootstock models list"})
final class ModelsListCommand extends ServiceCommand {
    private static final int DESCRIPTION_WIDTH = 60;

    @Mixin
    private ListOptions list;

    @Option(names = "--tag", paramLabel = "KEY=VALUE", description = "Only models with this tag; can be repeated")
    private Map<String, String> tags = new LinkedHashMap<>();

    @Override
    protected int run(Clients clients, Console console) {
        List<Model> models = list.read(
                console,
                (size, token) -> clients.models()
                        .listModels(ListModelsRequest.newBuilder()
                                .setPageSize(size)
                                .setPageToken(token)
                                .setFilter(list.filter())
                                .setOrderBy(list.orderBy())
                                .putAllTags(tags)
                                .build()),
                ListModelsResponse::getModelsList,
                ListModelsResponse::getNextPageToken);
        Table table = new Table("model", "latest", "aliases", "created", "description");
        for (Model model : models) {
            console.printJson(model);
            String aliases = model.getAliasesList().stream()
                    .map(alias -> Names.id(alias.getName()) + " → " + Names.id(alias.getVersion())
                            + (alias.hasCanary() ? " (" + Names.brief(alias.getCanary()) + ")" : ""))
                    .collect(Collectors.joining(", "));
            table.row(
                    Names.id(model.getName()),
                    model.getLatestVersion(),
                    aliases.isEmpty() ? "-" : aliases,
                    Format.time(model.getCreateTime()),
                    Format.fit(model.getDescription().lines().findFirst().orElse(""), DESCRIPTION_WIDTH));
        }
        table.print(console);
        return 0;
    }
}
