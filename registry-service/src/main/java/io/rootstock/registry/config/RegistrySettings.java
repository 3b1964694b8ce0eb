package io.rootstock.registry.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Settings of the registry in addition to those of the service kit. */
@ConfigMapping(prefix = "rootstock")
public interface RegistrySettings {
    /** PostgreSQL, embedded or external. */
    Registry registry();

    /** The tokenizer service, which resolves datasets. */
    Tokenizer tokenizer();

    /** The trainer service, which runs jobs. */
    Trainer trainer();

    /** PostgreSQL, embedded or external. */
    interface Registry {
        /**
         * JDBC address of an external PostgreSQL server, such as {@code jdbc:postgresql://db:5432/rootstock}. Not set:
         * an embedded server in {@code rootstock.home}.
         */
        Optional<String> databaseUrl();

        /** User at the external server. */
        Optional<String> databaseUser();

        /** File that holds the user's password. */
        Optional<Path> databasePasswordFile();
    }

    /** The tokenizer service, which resolves datasets. */
    interface Tokenizer {
        /** Address of the tokenizer service, {@code host:port}. */
        @WithDefault("127.0.0.1:7401")
        String endpoint();
    }

    /** The trainer service, which runs jobs. */
    interface Trainer {
        /** Address of the trainer service, {@code host:port}. */
        @WithDefault("127.0.0.1:7402")
        String endpoint();
    }
}
