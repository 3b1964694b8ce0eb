package io.rootstock.inference.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rootstock.artifacts.ArtifactCache;
import io.rootstock.artifacts.ArtifactSource;
import io.rootstock.artifacts.Digest;
import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.metrics.ServingMetrics;
import io.rootstock.inference.model.LoadException;
import io.rootstock.inference.model.ModelKind;
import io.rootstock.inference.model.ServedVersion;
import io.rootstock.llama.Llama;
import io.rootstock.sandbox.SandboxMode;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that the cache has no room for are not downloaded. */
class CacheRoomTest {
    private static final byte[] NO_MODEL = new byte[4 << 20];

    @TempDir
    private Path directory;

    /** A source on another machine, which counts the bytes that are read. */
    private static final class Remote implements ArtifactSource {
        private int reads;

        @Override
        public long length(Digest digest) {
            return NO_MODEL.length;
        }

        @Override
        public InputStream open(Digest digest, long offset) {
            return new FilterInputStream(new ByteArrayInputStream(NO_MODEL)) {
                @Override
                public int read(byte[] bytes, int from, int length) throws IOException {
                    reads++;
                    return super.read(bytes, from, length);
                }
            };
        }
    }

    @Test
    void aFileOfMoreThanHalfOfTheCacheIsRefusedBeforeItIsRead() {
        Remote source = new Remote();
        assertThatThrownBy(() -> fetch("7M", source))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("models/m/versions/1 cannot be served: a file has 4 MiB")
                .hasMessageContaining("half of rootstock.inference.cache (7 MiB)");
        assertThat(source.reads).isZero();
    }

    @Test
    void aFileOfHalfOfTheCacheIsRead() {
        Remote source = new Remote();
        assertThatThrownBy(() -> fetch("8M", source))
                .isInstanceOf(LoadException.class)
                .hasMessageNotContaining("rootstock.inference.cache");
        assertThat(source.reads).isPositive();
    }

    private void fetch(String limit, ArtifactSource source) {
        InferenceSettings settings = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(InferenceSettings.class)
                .withDefaultValue("rootstock.inference.cache", limit)
                .build()
                .getConfigMapping(InferenceSettings.class);
        ArtifactCache cache = new ArtifactCache(
                directory.resolve("cache"), source, settings.cache().asLongValue());
        FirstLoads firstLoads =
                new FirstLoads(directory.resolve("first"), Llama.shared().directory(), settings, SandboxMode.AVAILABLE);
        String digest = Digest.of(NO_MODEL).value();
        try (Compute compute = new Compute(Llama.shared(), 1)) {
            new ModelLoader(
                            Llama.shared(),
                            cache,
                            firstLoads,
                            new Memory(),
                            compute,
                            settings,
                            new ServingMetrics(new SimpleMeterRegistry()))
                    .fetch(
                            new ServedVersion("models/m/versions/1", ModelKind.BASE, digest, null, null, true, 0),
                            () -> true);
        }
    }
}
