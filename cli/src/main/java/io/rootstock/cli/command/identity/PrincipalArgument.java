package io.rootstock.cli.command.identity;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Argument that names a user, service account or group. */
public final class PrincipalArgument {
    @Parameters(
            paramLabel = "NAME",
            index = "0",
            description = "ID of a user, or name such as users/alice, serviceAccounts/ci or groups/research")
    private String argument;

    @ArgGroup
    private Kind kind = new Kind();

    private static final class Kind {
        @Option(names = "--service-account", description = "NAME is the ID of a service account")
        private boolean serviceAccount;

        @Option(names = "--group", description = "NAME is the ID of a group")
        private boolean group;
    }

    /** Returns the full name. */
    public String name() {
        return PrincipalNames.of(kind.serviceAccount ? "serviceAccounts" : kind.group ? "groups" : "users", argument);
    }
}
