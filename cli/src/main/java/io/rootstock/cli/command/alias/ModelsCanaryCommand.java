package io.rootstock.cli.command.alias;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.error.CliException;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.AliasCanary;
import io.rootstock.registry.v1.CanaryAnalysisSpec;
import io.rootstock.registry.v1.ClearAliasCanaryRequest;
import io.rootstock.registry.v1.SetAliasCanaryRequest;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock models canary}. */
@Command(
        name = "canary",
        header = "Route part of an alias's requests to a canary version",
        description = {
            "The canary serves a percentage of the requests, or copies of them (shadow), until the alias moves or the"
                    + " canary is cleared.",
            "With --steps the registry judges its requests at intervals: it advances a good canary to the next percentage"
                    + " and removes a bad one. Watch it with `rootstock models canary-status`."
        },
        footer = {
            "",
            "Examples:",
            "  rootstock models canary javadoc --version 3 --percent 10",
            "  rootstock models canary javadoc --version 3 --shadow",
            "  rootstock models canary javadoc --version 3 --steps 5,25,50 --max-first-token-ratio 1.5 --promote",
            "  rootstock models canary javadoc --clear"
        })
public final class ModelsCanaryCommand extends ServiceCommand {
    @Parameters(paramLabel = "MODEL", description = "Model name")
    private String model;

    /** Declared here because the standard help options include {@code --version}. */
    @SuppressWarnings("UnusedVariable")
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    private boolean help;

    @Option(
            names = "--alias",
            paramLabel = "ALIAS",
            defaultValue = "production",
            description = "Alias name [default: ${DEFAULT-VALUE}]")
    private String alias;

    @Option(names = "--version", paramLabel = "NUMBER", description = "Canary version")
    private Long version;

    @Option(
            names = "--percent",
            paramLabel = "PERCENT",
            defaultValue = "0",
            description = "Percentage of the requests that the canary serves, 0 to 100 [default: ${DEFAULT-VALUE}]")
    private int percent;

    @Option(
            names = "--shadow",
            description =
                    "Send copies of the other requests to the canary; the responses are measured and" + " discarded")
    private boolean shadow;

    @Mixin
    private AnalysisOptions analysis;

    @Option(names = "--clear", description = "Remove the canary")
    private boolean clear;

    @Option(
            names = "--etag",
            paramLabel = "ETAG",
            defaultValue = "",
            description = "Expected etag of the alias; fails if the alias has changed")
    private String etag;

    @Override
    protected int run(Clients clients, Console console) {
        if (clear == (version != null)) {
            throw new CliException(
                    clear ? "--clear and --version are mutually exclusive" : "missing version",
                    "use --version NUMBER or --clear");
        }
        Optional<CanaryAnalysisSpec> rules = analysis.spec();
        if (clear && rules.isPresent()) {
            throw new CliException("--clear and --steps are mutually exclusive", "use one of them");
        }
        Alias changed = clear ? cleared(clients) : set(clients, rules);
        console.printJson(changed);
        console.print(changed.getName() + " → " + Names.brief(changed.getVersion())
                + (changed.hasCanary() ? ", " + Names.brief(changed.getCanary()) : ", no canary"));
        return 0;
    }

    private Alias set(Clients clients, Optional<CanaryAnalysisSpec> rules) {
        AliasCanary.Builder canary = AliasCanary.newBuilder()
                .setVersion(Names.of("models", model) + "/versions/" + version)
                .setPercent(percent)
                .setShadow(shadow);
        rules.ifPresent(canary::setAnalysis);
        return clients.models()
                .setAliasCanary(SetAliasCanaryRequest.newBuilder()
                        .setName(Names.alias(model, alias))
                        .setCanary(canary)
                        .setReason(reason())
                        .setEtag(etag)
                        .build())
                .getAlias();
    }

    private Alias cleared(Clients clients) {
        return clients.models()
                .clearAliasCanary(ClearAliasCanaryRequest.newBuilder()
                        .setName(Names.alias(model, alias))
                        .setReason(reason())
                        .setEtag(etag)
                        .build())
                .getAlias();
    }
}
