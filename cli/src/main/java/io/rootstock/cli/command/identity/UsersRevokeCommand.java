package io.rootstock.cli.command.identity;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.registry.v1.Grant;
import io.rootstock.registry.v1.UpdateGrantsRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rootstock users revoke}. */
@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        header = "Take roles from a user, service account or group",
        description = "Services other than the registry use the new roles within 30 seconds.",
        footer = {"", "Example:", "  rootstock users revoke alice promoter:models/support-"})
final class UsersRevokeCommand extends ServiceCommand {
    @Mixin
    private PrincipalArgument principal;

    @Parameters(
            paramLabel = "GRANT",
            index = "1..*",
            arity = "1..*",
            converter = GrantText.class,
            description = "ROLE or ROLE:PREFIX, such as trainer:models/support-")
    private List<Grant> grants;

    @Override
    protected int run(Clients clients, Console console) {
        PrincipalText.print(
                clients.identity()
                        .updateGrants(UpdateGrantsRequest.newBuilder()
                                .setName(principal.name())
                                .addAllRemoved(grants)
                                .build())
                        .getPrincipal(),
                console);
        return 0;
    }
}
