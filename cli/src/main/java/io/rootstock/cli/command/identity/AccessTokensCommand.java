package io.rootstock.cli.command.identity;

import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.Subcommands;
import picocli.CommandLine.Command;

/** {@code rootstock access-tokens}: groups its commands. */
@Command(
        name = "access-tokens",
        mixinStandardHelpOptions = true,
        header = "Create, rotate and revoke access tokens",
        footer = {"", "Example:", "  rootstock access-tokens create --for alice --output-file alice.token"})
@Subcommands({
    AccessTokensCreateCommand.class,
    AccessTokensListCommand.class,
    AccessTokensRotateCommand.class,
    AccessTokensRevokeCommand.class
})
public final class AccessTokensCommand extends GroupCommand {}
