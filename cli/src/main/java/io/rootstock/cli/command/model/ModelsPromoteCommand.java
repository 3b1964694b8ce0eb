package io.rootstock.cli.command.model;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.SetAliasRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock models promote}. */
@Command(
        name = "promote",
        mixinStandardHelpOptions = true,
        description = "Points an alias of a model at a version; inference picks up `production` by itself.",
        footer = {"", "Example:", "  rootstock models promote javadoc:2 --reason \"lower bits per byte\""})
final class ModelsPromoteCommand extends ServiceCommand {
    @Parameters(paramLabel = "MODEL:NUMBER", description = "The version.")
    private String version;

    @Option(
            names = "--alias",
            paramLabel = "ALIAS",
            defaultValue = "production",
            description = "The alias. Default: ${DEFAULT-VALUE}.")
    private String alias;

    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "Why, kept in the history.")
    private String reason;

    @Option(
            names = "--etag",
            paramLabel = "ETAG",
            defaultValue = "",
            description = "Refuse the move where the alias has moved since it had this etag.")
    private String etag;

    @Option(names = "--validate-only", description = "Check, move nothing.")
    private boolean validateOnly;

    @Override
    protected int run(Clients clients, Console console) {
        String exact = Names.exactVersion(version);
        Alias moved = clients.models()
                .setAlias(SetAliasRequest.newBuilder()
                        .setName(Names.alias(Names.modelOf(exact), alias))
                        .setVersion(exact)
                        .setReason(reason)
                        .setEtag(etag)
                        .setValidateOnly(validateOnly)
                        .build())
                .getAlias();
        console.printJson(moved);
        console.print((validateOnly ? "would point " : "") + moved.getName() + " → " + Names.brief(moved.getVersion()));
        return 0;
    }
}
