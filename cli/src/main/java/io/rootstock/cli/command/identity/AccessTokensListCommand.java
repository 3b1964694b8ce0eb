package io.rootstock.cli.command.identity;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ListOptions;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.registry.v1.AccessToken;
import io.rootstock.registry.v1.ListAccessTokensRequest;
import io.rootstock.registry.v1.ListAccessTokensResponse;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rootstock access-tokens list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        header = "List the access tokens of a user or service account, newest first",
        footer = {"", "Example:", "  rootstock access-tokens list --for alice"})
final class AccessTokensListCommand extends ServiceCommand {
    @Option(
            names = "--for",
            paramLabel = "NAME",
            description = "User, or name such as serviceAccounts/ci [default: the caller]")
    private String principal;

    @Mixin
    private ListOptions list;

    @Override
    protected int run(Clients clients, Console console) {
        String name = PrincipalNames.orCaller(principal, clients);
        List<AccessToken> tokens = list.read(
                console,
                (size, token) -> clients.identity()
                        .listAccessTokens(ListAccessTokensRequest.newBuilder()
                                .setPrincipal(name)
                                .setPageSize(size)
                                .setPageToken(token)
                                .build()),
                ListAccessTokensResponse::getAccessTokensList,
                ListAccessTokensResponse::getNextPageToken);
        Table table = new Table("id", "created", "expires", "revoked", "last used", "description");
        for (AccessToken token : tokens) {
            console.printJson(token);
            table.row(
                    Names.id(token.getName()),
                    Format.time(token.getCreateTime()),
                    Format.time(token.getExpireTime()),
                    Format.time(token.getRevokeTime()),
                    Format.time(token.getLastUseTime()),
                    token.getDescription());
        }
        table.print(console);
        return 0;
    }
}
