package io.rootstock.cli.command.identity;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.DeletionCommand;
import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.command.Subcommands;
import io.rootstock.cli.display.Console;
import io.rootstock.registry.v1.DeletePrincipalRequest;
import io.rootstock.registry.v1.DeletePrincipalResponse;
import io.rootstock.registry.v1.GetPrincipalRequest;
import io.rootstock.registry.v1.Grant;
import io.rootstock.registry.v1.UpdateGrantsRequest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rootstock users}: groups its commands. */
@Command(
        name = "users",
        mixinStandardHelpOptions = true,
        header = "Manage users, service accounts, groups and their roles",
        footer = {"", "Example:", "  rootstock users create alice --grant trainer:models/support-"})
@Subcommands({
    UsersCreateCommand.class,
    UsersListCommand.class,
    UsersCommand.ShowCommand.class,
    UsersCommand.GrantCommand.class,
    UsersCommand.RevokeCommand.class,
    UsersCommand.DeleteCommand.class
})
public final class UsersCommand extends GroupCommand {
    /** {@code rootstock users delete}. */
    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            header = "Delete a user, service account or group",
            description = "Its access tokens become invalid; what it created stays.",
            footer = {"", "Example:", "  rootstock users delete alice"})
    static final class DeleteCommand extends DeletionCommand {
        @Mixin
        private PrincipalArgument principal;

        @Override
        protected int run(Clients clients, Console console) {
            String name = principal.name();
            return delete(console, name, "delete " + name + " with its access tokens?", () -> {
                DeletePrincipalResponse _ = clients.identity()
                        .deletePrincipal(DeletePrincipalRequest.newBuilder()
                                .setName(name)
                                .build());
            });
        }
    }

    /** {@code rootstock users grant}. */
    @Command(
            name = "grant",
            mixinStandardHelpOptions = true,
            header = "Give roles to a user, service account or group",
            description = "Services other than the registry use the new roles within 30 seconds.",
            footer = {"", "Example:", "  rootstock users grant alice promoter:models/support-"})
    static final class GrantCommand extends ServiceCommand {
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
                                    .addAllAdded(grants)
                                    .build())
                            .getPrincipal(),
                    console);
            return 0;
        }
    }

    /** {@code rootstock users revoke}. */
    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            header = "Take roles from a user, service account or group",
            description = "Services other than the registry use the new roles within 30 seconds.",
            footer = {"", "Example:", "  rootstock users revoke alice promoter:models/support-"})
    static final class RevokeCommand extends ServiceCommand {
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

    /** {@code rootstock users show}. */
    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            header = "Show the roles of a user, service account or group",
            footer = {"", "Example:", "  rootstock users show alice"})
    static final class ShowCommand extends ServiceCommand {
        @Mixin
        private PrincipalArgument principal;

        @Override
        protected int run(Clients clients, Console console) {
            PrincipalText.print(
                    clients.identity()
                            .getPrincipal(GetPrincipalRequest.newBuilder()
                                    .setName(principal.name())
                                    .build())
                            .getPrincipal(),
                    console);
            return 0;
        }
    }
}
