package io.rootstock.tokenizer.grpc;

import io.rootstock.corpus.source.DecompressionLimits;
import io.rootstock.corpus.source.SourceLimits;
import io.rootstock.service.Home;
import io.rootstock.tokenizer.dataset.PreparationSettings;
import jakarta.enterprise.context.ApplicationScoped;

/** The bounds of readers by the settings, and the folder of temporary files in the home. */
@ApplicationScoped
public class ReadingSettings {
    private final Home home;
    private final DatasetSettings settings;

    ReadingSettings(Home home, DatasetSettings settings) {
        this.home = home;
        this.settings = settings;
    }

    /** @throws IllegalArgumentException if a setting is out of bounds */
    SourceLimits limits() {
        return new SourceLimits(
                settings.maxRowCharacters(),
                new DecompressionLimits(
                        DecompressionLimits.DEFAULT.freeBytes(),
                        settings.maxDecompressionRatio(),
                        settings.maxDecompressedSize().asLongValue()));
    }

    PreparationSettings preparation() {
        return new PreparationSettings(home.directory("tokenizer", "temporary"), limits());
    }
}
