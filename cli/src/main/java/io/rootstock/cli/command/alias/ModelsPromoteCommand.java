package io.rootstock.cli.command.alias;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.client.Serving;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.error.CliException;
import io.rootstock.names.VersionName;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.SetAliasRequest;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock models promote}. */
@Command(
        name = "promote",
        mixinStandardHelpOptions = true,
        header = "Point an alias at a version",
        description =
                "The inference service loads the version that the alias `production` points to; --wait returns when it is"
                        + " served. Gates of the alias (rootstock gates) must pass.",
        footer = {"", "Example:", "  rootstock models promote javadoc:2 --reason \"lower bits per byte\""})
public final class ModelsPromoteCommand extends ServiceCommand {
    @Parameters(paramLabel = "MODEL:NUMBER", description = "Version to promote")
    private String version;

    @Option(
            names = "--alias",
            paramLabel = "ALIAS",
            defaultValue = "production",
            description = "Alias name [default: ${DEFAULT-VALUE}]")
    private String alias;

    @Option(
            names = "--etag",
            paramLabel = "ETAG",
            defaultValue = "",
            description = "Expected etag of the alias; fails if the alias has changed")
    private String etag;

    @Option(
            names = "--wait",
            description = "Wait until the inference service serves the version; fail if it cannot load it")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "Maximum time of --wait [default: ${DEFAULT-VALUE}]")
    private int timeout;

    @Option(
            names = "--override-gates",
            description = "Promote although gates fail; needs --reason, which the history keeps with your name")
    private boolean overrideGates;

    @Option(names = "--validate-only", description = "Validate the request without moving the alias")
    private boolean validateOnly;

    @Override
    protected int run(Clients clients, Console console) {
        if (timeout < 1) {
            throw new CliException(
                    "--timeout must be at least 1, was " + timeout,
                    "pass a larger --timeout, for example --timeout 300");
        }
        VersionName exact = Names.exactVersion(version);
        Alias moved = clients.models()
                .setAlias(SetAliasRequest.newBuilder()
                        .setName(Names.alias(exact.modelName(), alias))
                        .setVersion(exact.toString())
                        .setReason(reason())
                        .setEtag(etag)
                        .setValidateOnly(validateOnly)
                        .setOverrideGates(overrideGates)
                        .build())
                .getAlias();
        console.printJson(moved);
        console.print((validateOnly ? "would point " : "") + moved.getName() + " → " + Names.brief(moved.getVersion()));
        if (wait && !validateOnly) {
            double seconds = new Serving(clients).await(moved.getName(), exact.toString(), Duration.ofSeconds(timeout));
            console.print(exact.shortName() + " is ready after " + Format.duration(seconds));
        }
        return 0;
    }
}
