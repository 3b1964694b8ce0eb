package io.rootstock.tokenizer.grpc;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Bounds of uploaded files while they are read. */
@ConfigMapping(prefix = "rootstock.dataset")
public interface DatasetSettings {
    /** Maximum characters of a row, 65536 to 536870912, which a reader holds in memory. */
    @WithDefault("16777216")
    int maxRowCharacters();

    /** Maximum size of a decompressed file. */
    @WithDefault("256G")
    MemorySize maxDecompressedSize();

    /** Maximum ratio of decompressed to compressed bytes of a file of more than 256 MiB; text has 3 to 20. */
    @WithDefault("200")
    long maxDecompressionRatio();
}
