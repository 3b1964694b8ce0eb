package io.rootstock.tokenizer.catalogue;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

@ConfigMapping(prefix = "rootstock.catalogue")
public interface CatalogueSettings {
    /**
     * Maximum size of the uploaded files and datasets of one user or service account. Not applied without
     * authentication.
     */
    @WithDefault("100G")
    MemorySize userSpace();
}
