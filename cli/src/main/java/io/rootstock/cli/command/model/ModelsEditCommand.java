package io.rootstock.cli.command.model;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Details;
import io.rootstock.cli.error.CliException;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.v1.Model;
import io.rootstock.registry.v1.UpdateModelRequest;
import io.rootstock.registry.v1.UpdateVersionRequest;
import io.rootstock.registry.v1.Version;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock models edit}. */
@Command(
        name = "edit",
        mixinStandardHelpOptions = true,
        header = "Change the description and tags of a model or a version",
        footer = {
            "",
            "Examples:",
            "  rootstock models edit javadoc --description \"Summaries of Java methods\" --tag team=docs",
            "  rootstock models edit javadoc:2 --tag reviewed=yes --remove-tag draft",
            "  rootstock models versions javadoc --tag reviewed=yes"
        })
final class ModelsEditCommand extends ServiceCommand {
    @Parameters(paramLabel = "MODEL|MODEL:NUMBER", description = "Model or version to change")
    private String name;

    @Option(names = "--description", paramLabel = "TEXT", description = "Description; an empty text removes it")
    private String description;

    @Option(names = "--tag", paramLabel = "KEY=VALUE", description = "Add or replace a tag; can be repeated")
    private Map<String, String> tags = new LinkedHashMap<>();

    @Option(names = "--remove-tag", paramLabel = "KEY", description = "Remove a tag; can be repeated")
    private List<String> removed = List.of();

    @Override
    protected int run(Clients clients, Console console) {
        if (description == null && tags.isEmpty() && removed.isEmpty()) {
            throw new CliException("nothing to change", "use --description, --tag or --remove-tag");
        }
        if (name.contains("@")) {
            throw new CliException(
                    "MODEL@ALIAS cannot be changed", "name the model, or the version by its number: MODEL:NUMBER");
        }
        if (!VersionReference.isModel(name)) {
            Version version = clients.models()
                    .updateVersion(version()
                            .setName(Names.exactVersion(name).toString())
                            .build())
                    .getVersion();
            console.printJson(version);
            print(console, Names.brief(version.getName()), version.getDescription(), version.getTagsMap());
        } else {
            Model model = clients.models()
                    .updateModel(model().setName(Names.of("models", name)).build())
                    .getModel();
            console.printJson(model);
            print(console, Names.id(model.getName()), model.getDescription(), model.getTagsMap());
        }
        return 0;
    }

    private UpdateVersionRequest.Builder version() {
        UpdateVersionRequest.Builder request =
                UpdateVersionRequest.newBuilder().putAllTags(tags).addAllRemovedTags(removed);
        return description == null ? request : request.setDescription(description);
    }

    private UpdateModelRequest.Builder model() {
        UpdateModelRequest.Builder request =
                UpdateModelRequest.newBuilder().putAllTags(tags).addAllRemovedTags(removed);
        return description == null ? request : request.setDescription(description);
    }

    private static void print(Console console, String name, String description, Map<String, String> tags) {
        console.print(name);
        new Details()
                .add("description", description)
                .add("tags", TagText.of(tags))
                .print(console);
    }
}
