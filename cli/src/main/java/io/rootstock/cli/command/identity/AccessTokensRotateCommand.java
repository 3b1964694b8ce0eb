package io.rootstock.cli.command.identity;

import com.google.protobuf.util.Durations;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.DurationConverter;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.registry.v1.CreateAccessTokenResponse;
import io.rootstock.registry.v1.RotateAccessTokenRequest;
import io.rootstock.registry.v1.RotateAccessTokenResponse;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock access-tokens rotate}. */
@Command(
        name = "rotate",
        mixinStandardHelpOptions = true,
        header = "Replace an access token and print the new one",
        description =
                "The old token stays valid for the overlap. --output-file may name the file of the old token; services"
                        + " and commands read a token file again when it changes.",
        footer = {"", "Example:", "  rootstock access-tokens rotate ID --overlap 24h --output-file alice.token"})
final class AccessTokensRotateCommand extends ServiceCommand {
    @Parameters(paramLabel = "ID", description = "ID or name of the access token")
    private String token;

    @Option(
            names = "--overlap",
            paramLabel = "DURATION",
            defaultValue = "24h",
            converter = DurationConverter.class,
            description = "Time for which the old token stays valid, at most 30d [default: ${DEFAULT-VALUE}]")
    private Duration overlap;

    @Option(
            names = "--lifetime",
            paramLabel = "DURATION",
            defaultValue = "90d",
            converter = DurationConverter.class,
            description = "Time until the new token expires, at most 365d [default: ${DEFAULT-VALUE}]")
    private Duration lifetime;

    @Mixin
    private SecretOutput output;

    @Override
    protected int run(Clients clients, Console console) {
        output.print(console, true, () -> {
            RotateAccessTokenResponse rotated = clients.identity()
                    .rotateAccessToken(RotateAccessTokenRequest.newBuilder()
                            .setName(Names.of("accessTokens", token))
                            .setOverlap(Durations.fromSeconds(overlap.toSeconds()))
                            .setLifetime(Durations.fromSeconds(lifetime.toSeconds()))
                            .build());
            return CreateAccessTokenResponse.newBuilder()
                    .setAccessToken(rotated.getAccessToken())
                    .setSecret(rotated.getSecret())
                    .build();
        });
        return 0;
    }
}
