package io.rootstock.cli.command.model;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.DeletionCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.names.VersionName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.v1.DeleteModelRequest;
import io.rootstock.registry.v1.DeleteModelResponse;
import io.rootstock.registry.v1.DeleteVersionRequest;
import io.rootstock.registry.v1.DeleteVersionResponse;
import io.rootstock.registry.v1.GetModelRequest;
import io.rootstock.registry.v1.Model;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock models delete}. */
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        header = "Delete a model or a version",
        description = "A version is kept while an alias points to it, another version was fine-tuned from it, or a job"
                + " that has not succeeded starts from it. `rootstock prune` frees the files.",
        footer = {"", "Examples:", "  rootstock models delete javadoc:2", "  rootstock models delete javadoc --force"})
final class ModelsDeleteCommand extends DeletionCommand {
    @Parameters(paramLabel = "MODEL|MODEL:NUMBER", description = "Model or version to delete")
    private String name;

    @Option(names = "--force", description = "Delete the model with all its versions and aliases")
    private boolean force;

    @Override
    protected int run(Clients clients, Console console) {
        if (name.contains("@")) {
            throw usage(
                    "MODEL@ALIAS is not deleted; delete the version by its number, or the alias with: rootstock models"
                            + " demote MODEL --alias ALIAS");
        }
        return VersionReference.isModel(name) ? deleteModel(clients, console) : deleteVersion(clients, console);
    }

    private int deleteVersion(Clients clients, Console console) {
        if (force) {
            throw usage("--force is for models, not for versions");
        }
        VersionName version = Names.exactVersion(name);
        return delete(console, version.toString(), "delete " + version.shortName() + "?", () -> {
            DeleteVersionResponse _ = clients.models()
                    .deleteVersion(DeleteVersionRequest.newBuilder()
                            .setName(version.toString())
                            .build());
        });
    }

    private int deleteModel(Clients clients, Console console) {
        String model = Names.of("models", name);
        Model found = clients.models()
                .getModel(GetModelRequest.newBuilder().setName(model).build())
                .getModel();
        List<String> aliases = found.getAliasesList().stream()
                .map(alias -> Names.id(alias.getName()))
                .toList();
        String content = (found.getLatestVersion() > 0 ? " with all its versions" : "")
                + (aliases.isEmpty() ? "" : " and the aliases " + String.join(", ", aliases));
        return delete(console, model, "delete " + model + content + "?", () -> {
            DeleteModelResponse _ = clients.models()
                    .deleteModel(DeleteModelRequest.newBuilder()
                            .setName(model)
                            .setForce(force)
                            .build());
        });
    }
}
