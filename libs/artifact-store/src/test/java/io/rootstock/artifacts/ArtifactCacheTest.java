package io.rootstock.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactCacheTest {
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    private Path scratch;

    private final Map<Digest, byte[]> contents = new HashMap<>();
    private final List<Long> offsets = new ArrayList<>();
    private final FailingSource source = new FailingSource();

    /** Artifacts in memory; the next {@code failures} streams fail after {@code failsAfter} bytes. */
    private final class FailingSource implements ArtifactSource {
        private int failures;
        private long failsAfter;

        @Override
        public long length(Digest digest) {
            return bytes(digest).length;
        }

        @Override
        public InputStream open(Digest digest, long offset) {
            offsets.add(offset);
            byte[] bytes = bytes(digest);
            InputStream rest =
                    new ByteArrayInputStream(Arrays.copyOfRange(bytes, Math.toIntExact(offset), bytes.length));
            if (failures == 0) {
                return rest;
            }
            failures--;
            return new FilterInputStream(rest) {
                private long left = failsAfter;

                @Override
                public int read(byte[] buffer, int start, int length) throws IOException {
                    if (left == 0) {
                        throw new IOException("the line is cut");
                    }
                    int count = super.read(buffer, start, (int) Math.min(left, length));
                    left -= count;
                    return count;
                }
            };
        }

        private byte[] bytes(Digest digest) {
            if (!contents.containsKey(digest)) {
                throw new NoSuchArtifactException(digest, "memory");
            }
            return contents.get(digest);
        }
    }

    @BeforeEach
    void start() {
        offsets.clear();
    }

    private Digest artifact(int seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        Digest digest = Digest.of(bytes);
        contents.put(digest, bytes);
        return digest;
    }

    private ArtifactCache cache(long limit) {
        return new ArtifactCache(scratch.resolve("cache"), source, limit);
    }

    private Path copy(Digest digest) {
        return scratch.resolve("cache").resolve(digest.hex());
    }

    @Test
    void pruneRemovesUnusedCopiesThatAreNotKept() throws IOException {
        Digest kept = content(1);
        Digest unused = content(2);
        Digest recent = content(3);
        ArtifactCache cache = new ArtifactCache(scratch.resolve("cache"), source, 1 << 30);
        for (Digest digest : List.of(kept, unused, recent)) {
            Path _ = cache.fetch(digest, (bytes, total) -> true);
        }
        cache.keep(Set.of(kept));
        FileTime hoursAgo = FileTime.from(Instant.now().minus(Duration.ofHours(5)));
        Files.setLastModifiedTime(scratch.resolve("cache").resolve(kept.hex() + ".used"), hoursAgo);
        Files.setLastModifiedTime(scratch.resolve("cache").resolve(unused.hex() + ".used"), hoursAgo);
        Path partial = Files.writeString(scratch.resolve("cache").resolve("0".repeat(64) + ".part"), "half");
        Files.setLastModifiedTime(partial, hoursAgo);
        Instant limit = Instant.now().minus(Duration.ofHours(1));
        assertThat(cache.prune(limit, false)).extracting(StoredArtifact::digest).contains(unused, recent);
        assertThat(scratch.resolve("cache").resolve(unused.hex())).exists();
        cache.prune(limit, true);
        assertThat(scratch.resolve("cache").resolve(unused.hex())).doesNotExist();
        assertThat(partial).doesNotExist();
        assertThat(scratch.resolve("cache").resolve(kept.hex())).exists();
        assertThat(scratch.resolve("cache").resolve(recent.hex())).exists();
        assertThat(cache.fetch(unused, (bytes, total) -> true)).exists();
    }

    private Digest content(int seed) {
        byte[] bytes = new byte[MEGABYTE];
        new Random(seed).nextBytes(bytes);
        Digest digest = Digest.of(bytes);
        contents.put(digest, bytes);
        return digest;
    }

    @Test
    void anInterruptedCopyGoesOnWhereItStopped() throws IOException {
        Digest digest = artifact(1, 3 * MEGABYTE);
        source.failures = 2;
        source.failsAfter = MEGABYTE;
        Path file = cache(Long.MAX_VALUE).fetch(digest, FetchProgress.PATIENT);
        assertThat(file).hasBinaryContent(contents.get(digest));
        assertThat(offsets).containsExactly(0L, (long) MEGABYTE, 2L * MEGABYTE);
    }

    @Test
    void aCopyThatWasGivenUpGoesOnInAnotherProcessLater() {
        Digest digest = artifact(1, 3 * MEGABYTE);
        assertThatThrownBy(() -> cache(Long.MAX_VALUE).fetch(digest, (bytes, total) -> bytes < 2L * MEGABYTE))
                .isInstanceOf(FetchCancelledException.class);
        assertThat(copy(digest)).doesNotExist();
        assertThat(cache(Long.MAX_VALUE).fetch(digest, FetchProgress.PATIENT)).hasBinaryContent(contents.get(digest));
        assertThat(offsets).containsExactly(0L, 2L * MEGABYTE);
    }

    @Test
    void aSourceThatStaysAwayEndsTheFetchAndWhatCameIsKept() throws IOException {
        Digest digest = artifact(1, 2 * MEGABYTE);
        source.failures = Integer.MAX_VALUE;
        source.failsAfter = 0;
        Files.createDirectories(copy(digest).getParent());
        Files.write(part(digest), Arrays.copyOf(contents.get(digest), MEGABYTE));
        assertThatThrownBy(() -> cache(Long.MAX_VALUE).fetch(digest, FetchProgress.PATIENT))
                .isInstanceOf(ArtifactException.class)
                .hasMessageContaining("stopped at " + MEGABYTE);
        assertThat(part(digest)).hasSize(MEGABYTE);
    }

    @Test
    void whatComesDamagedIsRefusedAndLeavesNothing() {
        Digest digest = artifact(1, MEGABYTE);
        contents.get(digest)[77]++;
        assertThatThrownBy(() -> cache(Long.MAX_VALUE).fetch(digest, FetchProgress.PATIENT))
                .isInstanceOf(CorruptArtifactException.class);
        assertThat(copy(digest)).doesNotExist();
        assertThat(part(digest)).doesNotExist();
    }

    @Test
    void aForeignBeginningIsFoundOutAndTheNextFetchStartsAfresh() throws IOException {
        Digest digest = artifact(1, MEGABYTE);
        Files.createDirectories(copy(digest).getParent());
        Files.write(part(digest), new byte[1000]);
        ArtifactCache cache = cache(Long.MAX_VALUE);
        assertThatThrownBy(() -> cache.fetch(digest, FetchProgress.PATIENT))
                .isInstanceOf(CorruptArtifactException.class);
        assertThat(cache.fetch(digest, FetchProgress.PATIENT)).hasBinaryContent(contents.get(digest));
    }

    @Test
    void aDamagedCopyIsFetchedAgainAndAnIntactOneNeedsNoSource() throws IOException {
        Digest digest = artifact(1, 1000);
        ArtifactCache cache = cache(Long.MAX_VALUE);
        Path file = cache.fetch(digest, FetchProgress.PATIENT);
        Files.write(file, new byte[1000]);
        assertThat(cache.fetch(digest, FetchProgress.PATIENT)).hasBinaryContent(contents.get(digest));
        contents.clear();
        assertThat(cache(Long.MAX_VALUE).fetch(digest, FetchProgress.PATIENT)).exists();
        assertThatThrownBy(() -> cache.fetch(Digest.of(new byte[3]), FetchProgress.PATIENT))
                .isInstanceOf(NoSuchArtifactException.class);
    }

    @Test
    void theLeastRecentlyUsedGoesAndWhatIsServedStays() {
        Digest served = artifact(1, 1000);
        Digest old = artifact(2, 1000);
        Digest recent = artifact(3, 1000);
        Digest next = artifact(4, 1000);
        ArtifactCache cache = cache(3500);
        cache.keep(Set.of(served));
        for (Digest digest : List.of(served, old, recent)) {
            cache.fetch(digest, FetchProgress.PATIENT);
        }
        cache.fetch(next, FetchProgress.PATIENT);
        assertThat(copy(old)).doesNotExist();
        assertThat(copy(served)).exists();
        assertThat(copy(recent)).exists();
        assertThat(cache.bytes()).isEqualTo(3000);
        cache.keep(Set.of());
        cache.fetch(old, FetchProgress.PATIENT);
        assertThat(copy(served)).doesNotExist();
    }

    @Test
    void anArtifactThatDoesNotFitIsRefusedBeforeItsFirstByteAndNothingIsRemoved() {
        Digest other = artifact(1, 1000);
        Digest large = artifact(2, 4000);
        ArtifactCache cache = new ArtifactCache(scratch.resolve("cache"), source, 3500, "inference.cache");
        cache.fetch(other, FetchProgress.PATIENT);
        offsets.clear();
        assertThatThrownBy(() -> cache.fetch(large, FetchProgress.PATIENT))
                .isInstanceOf(CacheFullException.class)
                .hasMessage("artifact " + large + " of 4000 bytes does not fit into " + scratch.resolve("cache")
                        + ", which may have 3500 bytes, 0 of them for artifacts in use; raise inference.cache, up to the"
                        + " size of the volume");
        assertThat(offsets).isEmpty();
        assertThat(copy(other)).exists();
    }

    @Test
    void anArtifactMustFitBesideThoseThatAreServedOrBeingFetched() {
        Digest served = artifact(1, 1000);
        Digest coming = artifact(2, 2000);
        Digest large = artifact(3, 1000);
        ArtifactCache cache = cache(3500);
        cache.fetch(served, FetchProgress.PATIENT);
        cache.keep(Set.of(served));
        Path file = cache.fetch(coming, (bytes, total) -> {
            assertThatThrownBy(() -> cache.fetch(large, FetchProgress.PATIENT))
                    .isInstanceOf(CacheFullException.class)
                    .hasMessageContaining("which may have 3500 bytes, 3000 of them for artifacts in use");
            return true;
        });
        assertThat(file).hasBinaryContent(contents.get(coming));
        // The reservation ends with the fetch.
        cache.fetch(large, FetchProgress.PATIENT);
        assertThat(copy(served)).exists();
        assertThat(copy(coming)).doesNotExist();
    }

    @Test
    void onTheSameFileSystemTheBytesAreShared() {
        DirectoryArtifactStore store = new DirectoryArtifactStore(scratch.resolve("store"));
        Digest digest;
        try (ArtifactWriter writer = store.create()) {
            writer.write(new byte[5000]);
            digest = writer.commit();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        Path file =
                new ArtifactCache(scratch.resolve("cache"), store, Long.MAX_VALUE).fetch(digest, FetchProgress.PATIENT);
        assertThat(isSame(file, store.verified(digest))).isTrue();
    }

    @Test
    void aWebServerOverAStoreIsASourceAndAsksForItsToken() throws IOException {
        DirectoryArtifactStore store = new DirectoryArtifactStore(scratch.resolve("store"));
        Digest digest = artifact(9, 3 * MEGABYTE);
        Digest stored = store.putFile(Files.write(scratch.resolve("file"), contents.get(digest)));
        assertThat(stored).isEqualTo(digest);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        RangeHandler handler = new RangeHandler(scratch.resolve("store"));
        server.createContext("/artifacts/", handler);
        server.start();
        try {
            URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/artifacts");
            HttpArtifactSource http = new HttpArtifactSource(base, () -> Optional.of("secret"));
            ArtifactCache cache = new ArtifactCache(scratch.resolve("cache"), http, Long.MAX_VALUE);
            assertThat(cache.fetch(digest, FetchProgress.PATIENT)).hasBinaryContent(contents.get(digest));
            assertThat(handler.starts()).containsExactly(0L, (long) MEGABYTE, 2L * MEGABYTE);
            assertThat(handler.tokens()).containsOnly("Bearer secret");
            assertThatThrownBy(() -> cache.fetch(Digest.of(new byte[1]), FetchProgress.PATIENT))
                    .isInstanceOf(NoSuchArtifactException.class);
        } finally {
            server.stop(0);
        }
    }

    private Path part(Digest digest) {
        return scratch.resolve("cache").resolve(digest.hex() + ".part");
    }

    private static boolean isSame(Path one, Path other) {
        try {
            Object key = Files.readAttributes(one, java.nio.file.attribute.BasicFileAttributes.class)
                    .fileKey();
            return key.equals(Files.readAttributes(other, java.nio.file.attribute.BasicFileAttributes.class)
                    .fileKey());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
