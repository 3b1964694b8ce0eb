package io.rootstock.registry.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings of the audit log and the OpenID provider. */
@ConfigMapping(prefix = "rootstock.registry")
public interface IdentitySettings {
    /** Days for which the audit log is kept. 0: for ever. */
    @WithDefault("0")
    int auditDays();

    /** Time after which users of the web console sign in again; a session ends earlier with its token. */
    @WithDefault("12h")
    Duration sessionTime();

    /** The OpenID provider, whose tokens are accepted. */
    OpenId openid();

    /** The OpenID provider, whose tokens are accepted. */
    interface OpenId {
        /**
         * Address below which it serves {@code .well-known/openid-configuration}, such as
         * {@code https://login.example.com/realms/main}. Not set: none.
         */
        Optional<URI> url();

        /** Audiences, one of which a token must have. Required if there is a provider. */
        Optional<List<String>> audience();

        /**
         * Claim with a user's id: {@code alice} is {@code users/alice}. With {@code email}, tokens with an unverified
         * address are refused.
         */
        @WithDefault("sub")
        String nameClaim();

        /** Claim with the list of a user's groups: {@code research} is {@code groups/research}. */
        @WithDefault("groups")
        String groupsClaim();

        /**
         * Id of the web console at the provider, whose users can then sign in there. The provider must know the address
         * {@code https://HOST/session/openid}. Not set: users sign in with a token.
         */
        Optional<String> clientId();

        /** File with the secret of this client. Not set: a client without secret (PKCE is used in either case). */
        Optional<Path> clientSecretFile();

        /** Scopes that a sign-in asks for, besides {@code openid}. */
        @WithDefault("profile,email")
        List<String> scopes();
    }
}
