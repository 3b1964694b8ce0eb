package io.rootstock.bench.controlplane;

import com.google.protobuf.Duration;
import io.grpc.Channel;
import io.rootstock.access.v1.Role;
import io.rootstock.client.TokenCredentials;
import io.rootstock.client.TokenFile;
import io.rootstock.registry.v1.CreateAccessTokenRequest;
import io.rootstock.registry.v1.CreateAccessTokenResponse;
import io.rootstock.registry.v1.CreatePrincipalRequest;
import io.rootstock.registry.v1.Grant;
import io.rootstock.registry.v1.IdentityServiceGrpc;
import io.rootstock.registry.v1.Principal;
import io.rootstock.registry.v1.RotateAccessTokenRequest;
import io.rootstock.registry.v1.RotateAccessTokenResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * The tokens of a load, which change while it runs: an access token, replaced with an overlap, and the installation's token,
 * whose file has the next one as its second line, then as its first, then alone. Registry and clients have a file each, which
 * change one after the other.
 */
final class RotatedTokens {
    private static final int OVERLAP_SECONDS = 2;
    private static final String USER = "users/load";

    private final Path registryFile;
    private final Path clientFile;
    private final TokenFile installation;
    private String current = "token-of-the-installation-0";
    private int number;
    private String name = "";
    private volatile String secret = "";

    RotatedTokens(Path home) throws IOException {
        registryFile = Files.writeString(home.resolve("registry.token"), current);
        clientFile = Files.writeString(home.resolve("client.token"), current);
        installation = new TokenFile(clientFile);
    }

    Path registryFile() {
        return registryFile;
    }

    /** Returns the token that services send. */
    Optional<String> ofInstallation() {
        return Optional.of(installation.current());
    }

    TokenCredentials ofServices() {
        return new TokenCredentials(installation);
    }

    TokenCredentials ofUser() {
        return new TokenCredentials(() -> secret);
    }

    /** Creates the user with its first access token. */
    void create(Channel registry) {
        IdentityServiceGrpc.IdentityServiceBlockingStub identity = IdentityServiceGrpc.newBlockingStub(registry);
        identity.createPrincipal(CreatePrincipalRequest.newBuilder()
                .setPrincipal(Principal.newBuilder()
                        .setName(USER)
                        .addGrants(Grant.newBuilder().setRole(Role.ROLE_VIEWER)))
                .build());
        CreateAccessTokenResponse created = identity.createAccessToken(
                CreateAccessTokenRequest.newBuilder().setPrincipal(USER).build());
        name = created.getAccessToken().getName();
        secret = created.getSecret();
    }

    /** Replaces the access token; the earlier one is valid for two seconds. */
    void rotateAccessToken(Channel registry) {
        RotateAccessTokenResponse rotated = IdentityServiceGrpc.newBlockingStub(registry)
                .rotateAccessToken(RotateAccessTokenRequest.newBuilder()
                        .setName(name)
                        .setOverlap(Duration.newBuilder().setSeconds(OVERLAP_SECONDS))
                        .build());
        name = rotated.getAccessToken().getName();
        secret = rotated.getSecret();
    }

    /** Adds the next token of the installation to both files. */
    void addNext() throws IOException {
        number++;
        write(List.of(current, next()));
    }

    /** Sends the next token of the installation. */
    void sendNext() throws IOException {
        write(List.of(next(), current));
    }

    /** Removes the earlier token of the installation. */
    void removeEarlier() throws IOException {
        current = next();
        write(List.of(current));
    }

    private String next() {
        return "token-of-the-installation-" + number;
    }

    private void write(List<String> lines) throws IOException {
        for (Path file : List.of(registryFile, clientFile)) {
            Path fresh = Files.write(file.resolveSibling("fresh"), lines);
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
