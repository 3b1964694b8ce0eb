package io.rootstock.cli.command.identity;

import com.google.protobuf.util.Durations;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.cli.client.Clients;
import io.rootstock.cli.command.DurationConverter;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.error.CliException;
import io.rootstock.registry.v1.CreateAccessTokenRequest;
import io.rootstock.registry.v1.CreateAccessTokenResponse;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rootstock access-tokens create}. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        header = "Create an access token and print it, which is not possible again",
        description = "The registry stores a hash of the token only.",
        footer = {
            "",
            "Examples:",
            "  rootstock access-tokens create --for alice --output-file alice.token",
            "  rootstock access-tokens create --for serviceAccounts/ci --lifetime 30d --description \"nightly runs\""
        })
final class AccessTokensCreateCommand extends ServiceCommand {
    @Option(
            names = "--for",
            paramLabel = "NAME",
            description = "User, or name such as serviceAccounts/ci [default: the caller]")
    private String principal;

    @Option(
            names = "--lifetime",
            paramLabel = "DURATION",
            defaultValue = "90d",
            converter = DurationConverter.class,
            description = "Time until the token expires, at most 365d [default: ${DEFAULT-VALUE}]")
    private Duration lifetime;

    @Option(
            names = "--description",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Description, at most 256 characters")
    private String description;

    @Mixin
    private SecretOutput output;

    @Override
    protected int run(Clients clients, Console console) {
        String name = PrincipalNames.orCaller(principal, clients);
        output.print(console, false, () -> create(clients, name));
        return 0;
    }

    private CreateAccessTokenResponse create(Clients clients, String name) {
        try {
            return clients.identity()
                    .createAccessToken(CreateAccessTokenRequest.newBuilder()
                            .setPrincipal(name)
                            .setDescription(description)
                            .setLifetime(Durations.fromSeconds(lifetime.toSeconds()))
                            .build());
        } catch (StatusRuntimeException e) {
            if (principal == null && e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                throw new CliException(
                        name + " has no access tokens", "name a user of `rootstock users list`: --for NAME");
            }
            throw e;
        }
    }
}
