package io.rootstock.inference.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Where the registry is. */
@ConfigMapping(prefix = "rootstock.registry")
public interface RegistrySettings {
    /** Its {@code host:port}. */
    @WithDefault("127.0.0.1:7400")
    String endpoint();
}
