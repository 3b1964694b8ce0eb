package io.rootstock.evaluator.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the connection to the registry. */
@ConfigMapping(prefix = "rootstock.registry")
public interface RegistrySettings {
    /** Address of the registry service, {@code host:port}. */
    @WithDefault("127.0.0.1:7400")
    String endpoint();
}
