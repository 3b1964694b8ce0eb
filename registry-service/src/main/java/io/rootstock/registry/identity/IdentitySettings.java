package io.rootstock.registry.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
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
    }
}
