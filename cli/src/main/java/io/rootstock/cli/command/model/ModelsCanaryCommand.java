package io.rootstock.cli.command.model;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.error.CliException;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.AliasCandidate;
import io.rootstock.registry.v1.ClearAliasCandidateRequest;
import io.rootstock.registry.v1.SetAliasCandidateRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock models canary}. */
@Command(
        name = "canary",
        mixinStandardHelpOptions = true,
        description =
                "Lets another version take part of an alias's requests, or copies of them, until the alias moves.",
        footer = {
            "",
            "Examples:",
            "  rootstock models canary javadoc --version 3 --percent 10",
            "  rootstock models canary javadoc --version 3 --shadow",
            "  rootstock models canary javadoc --clear"
        })
final class ModelsCanaryCommand extends ServiceCommand {
    @Parameters(paramLabel = "MODEL", description = "The model.")
    private String model;

    @Option(
            names = "--alias",
            paramLabel = "ALIAS",
            defaultValue = "production",
            description = "The alias. Default: ${DEFAULT-VALUE}.")
    private String alias;

    @Option(names = "--version", paramLabel = "NUMBER", description = "The version on trial.")
    private Long version;

    @Option(
            names = "--percent",
            paramLabel = "PERCENT",
            defaultValue = "0",
            description = "Share of the requests that it answers, 0 to 100. Default: ${DEFAULT-VALUE}.")
    private int percent;

    @Option(
            names = "--shadow",
            description = "Also give it copies of the other requests; their answers are measured and thrown away.")
    private boolean shadow;

    @Option(names = "--clear", description = "End the trial.")
    private boolean clear;

    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "Why, kept in the history.")
    private String reason;

    @Option(
            names = "--etag",
            paramLabel = "ETAG",
            defaultValue = "",
            description = "Refuse the change where the alias has moved since it had this etag.")
    private String etag;

    @Override
    protected int run(Clients clients, Console console) {
        if (clear == (version != null)) {
            throw new CliException(
                    clear ? "--clear takes no --version" : "which version?", "write --version NUMBER, or --clear");
        }
        Alias changed = clear ? cleared(clients) : set(clients);
        console.printJson(changed);
        console.print(changed.getName() + " → " + Names.brief(changed.getVersion())
                + (changed.hasCandidate() ? ", " + Names.brief(changed.getCandidate()) : ", no candidate"));
        return 0;
    }

    private Alias set(Clients clients) {
        return clients.models()
                .setAliasCandidate(SetAliasCandidateRequest.newBuilder()
                        .setName(Names.alias(model, alias))
                        .setCandidate(AliasCandidate.newBuilder()
                                .setVersion(Names.of("models", model) + "/versions/" + version)
                                .setPercent(percent)
                                .setShadow(shadow))
                        .setReason(reason)
                        .setEtag(etag)
                        .build())
                .getAlias();
    }

    private Alias cleared(Clients clients) {
        return clients.models()
                .clearAliasCandidate(ClearAliasCandidateRequest.newBuilder()
                        .setName(Names.alias(model, alias))
                        .setReason(reason)
                        .setEtag(etag)
                        .build())
                .getAlias();
    }
}
