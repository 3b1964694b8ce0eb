package io.rootstock.cli.command.identity;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.registry.v1.CreatePrincipalRequest;
import io.rootstock.registry.v1.Grant;
import io.rootstock.registry.v1.Principal;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rootstock users create}. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        header = "Create a user, service account or group",
        description =
                "A prefix of a grant begins with models/, datasets/, tokenizers/ or corpora/: models/support- is every model"
                        + " whose name begins with support-, models/support/ is the model support. A grant without a prefix is"
                        + " for all resources.",
        footer = {
            "",
            "Examples:",
            "  rootstock users create alice --grant trainer:models/support- --grant trainer:datasets/support-",
            "  rootstock users create ci --service-account --grant promoter",
            "  rootstock users create research --group --grant viewer"
        })
final class UsersCreateCommand extends ServiceCommand {
    @Mixin
    private PrincipalArgument principal;

    @Option(
            names = "--grant",
            paramLabel = "ROLE[:PREFIX]",
            converter = GrantText.class,
            description = "Role (viewer, trainer, promoter, admin) for the resources with a prefix; repeatable")
    private List<Grant> grants = new ArrayList<>();

    @Option(
            names = "--description",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Description, at most 256 characters")
    private String description;

    @Option(names = "--request-id", paramLabel = "ID", defaultValue = "", description = "Idempotency key")
    private String requestId;

    @Override
    protected int run(Clients clients, Console console) {
        Principal created = clients.identity()
                .createPrincipal(CreatePrincipalRequest.newBuilder()
                        .setPrincipal(Principal.newBuilder()
                                .setName(principal.name())
                                .setDescription(description)
                                .addAllGrants(grants))
                        .setRequestId(requestId)
                        .build())
                .getPrincipal();
        PrincipalText.print(created, console);
        if (!created.getName().startsWith("groups/")) {
            console.note("hint: rootstock access-tokens create --for " + created.getName());
        }
        return 0;
    }
}
