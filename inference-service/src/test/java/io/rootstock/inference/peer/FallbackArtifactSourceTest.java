package io.rootstock.inference.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.artifacts.ArtifactCache;
import io.rootstock.artifacts.ArtifactSource;
import io.rootstock.artifacts.CachedCopies;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.artifacts.HttpArtifactSource;
import io.rootstock.artifacts.NoSuchArtifactException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FallbackArtifactSourceTest {
    /** Nothing listens on this port, which only root may open. */
    private static final ArtifactSource ABSENT =
            new HttpArtifactSource(URI.create("http://127.0.0.1:1/artifacts"), Optional::empty);

    @TempDir
    Path scratch;

    private Digest cached(ArtifactCache cache, DirectoryArtifactStore store, String text) throws IOException {
        Digest digest = store.putFile(Files.writeString(scratch.resolve("file"), text));
        cache.fetch(digest, (_, _) -> true);
        return digest;
    }

    @Test
    void readsTheCopiesOfACacheWhileTheFirstSourceIsUnavailable() throws IOException {
        DirectoryArtifactStore store = new DirectoryArtifactStore(scratch.resolve("store"));
        Path folder = scratch.resolve("cache");
        Digest digest = cached(new ArtifactCache(folder, store, 1 << 20), store, "weights");
        FallbackArtifactSource source = new FallbackArtifactSource(ABSENT, new CachedCopies(folder));
        assertThat(source.length(digest)).isEqualTo(7);
        try (InputStream in = source.open(digest, 2)) {
            assertThat(in.readAllBytes()).asString().isEqualTo("ights");
        }
        Path copy = new ArtifactCache(scratch.resolve("second"), source, 1 << 20).fetch(digest, (_, _) -> true);
        assertThat(copy).hasContent("weights");
    }

    @Test
    void theErrorIsTheFirstSourcesIfBothFail() {
        Digest digest = Digest.parse("sha256:" + "0".repeat(64));
        CachedCopies empty = new CachedCopies(scratch);
        assertThatThrownBy(() -> new FallbackArtifactSource(ABSENT, empty).length(digest))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("refused")
                .satisfies(e -> assertThat(e.getSuppressed()[0]).isInstanceOf(NoSuchArtifactException.class));
        // An artifact that the first source does not have does not exist.
        assertThatThrownBy(() -> new FallbackArtifactSource(empty, ABSENT).open(digest, 0))
                .isInstanceOf(NoSuchArtifactException.class);
    }
}
