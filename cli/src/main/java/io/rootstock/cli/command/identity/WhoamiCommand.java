package io.rootstock.cli.command.identity;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Details;
import io.rootstock.cli.display.Format;
import io.rootstock.registry.v1.GetCallerRequest;
import io.rootstock.registry.v1.GetCallerResponse;
import picocli.CommandLine.Command;

/** {@code rootstock whoami}. */
@Command(
        name = "whoami",
        mixinStandardHelpOptions = true,
        header = "Show the caller, its roles and the expiry of its token",
        description = "Roles include those of the caller's groups. Without authentication the caller is users/local.",
        footer = {"", "Example:", "  rootstock whoami --token-file token.txt"})
public final class WhoamiCommand extends ServiceCommand {
    @Override
    protected int run(Clients clients, Console console) {
        GetCallerResponse caller = clients.identity().getCaller(GetCallerRequest.getDefaultInstance());
        console.printJson(caller);
        new Details()
                .add("name", caller.getName())
                .add("grants", GrantText.of(caller.getGrantsList(), "\n"))
                .add("expires", Format.time(caller.getExpireTime()))
                .print(console);
        return 0;
    }
}
