package io.rootstock.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ArtifactRemovalTest {
    private static final Duration GRACE = Duration.ofMinutes(10);
    private static final int WRITERS = 4;
    private static final int CONTENTS_PER_WRITER = 8;
    private static final int STEPS = 250;

    @TempDir
    private Path folder;

    private DirectoryArtifactStore store;

    @BeforeEach
    void open() {
        store = new DirectoryArtifactStore(folder.resolve("artifacts"));
    }

    @Test
    void listsArtifactsAndRemovesOnlyOlderOnes() {
        Digest old = put("old");
        Digest young = put("young");
        age(old);
        List<StoredArtifact> all = list();
        assertThat(all).extracting(StoredArtifact::digest).containsExactlyInAnyOrder(old, young);
        assertThat(all)
                .filteredOn(artifact -> artifact.digest().equals(old))
                .singleElement()
                .satisfies(artifact -> {
                    assertThat(artifact.bytes()).isEqualTo(3);
                    assertThat(artifact.renewed()).isBefore(limit());
                });
        assertThat(store.removeIfOlder(young, limit())).isEmpty();
        assertThat(store.removeIfOlder(old, limit())).isEqualTo(OptionalLong.of(3));
        assertThat(store.removeIfOlder(old, limit())).isEmpty();
        assertThat(list()).extracting(StoredArtifact::digest).containsExactly(young);
        assertThat(folder.resolve("artifacts/temporary")).isEmptyDirectory();
    }

    @Test
    void storingOrRenewingKeepsAnArtifact() throws IOException {
        Path directory = Files.createDirectories(folder.resolve("model"));
        Files.writeString(directory.resolve("weights"), "weights");
        Digest manifest = store.putDirectory(directory);
        Digest weights = Digest.of("weights".getBytes(StandardCharsets.UTF_8));
        age(manifest);
        age(weights);
        store.renew(manifest);
        assertThat(store.removeIfOlder(weights, limit())).isEmpty();
        assertThat(store.removeIfOlder(manifest, limit())).isEmpty();
        age(weights);
        put("weights");
        assertThat(store.removeIfOlder(weights, limit())).isEmpty();
        assertThatThrownBy(() -> store.renew(Digest.of(new byte[1]))).isInstanceOf(NoSuchArtifactException.class);
    }

    @Test
    void manifestsOfAnyFormatAreFollowed() {
        Digest shard = put("shard");
        Digest inner = put("{\"files\": [{\"digest\": \"" + shard + "\"}]}");
        Digest outer = put("{\"parts\": \"" + inner + "\", \"missing\": \"" + Digest.of(new byte[2]) + "\"}");
        Digest text = put("names " + put("other"));
        Reachability reachable = new Reachability(store);
        reachable.add(List.of(outer, text));
        assertThat(reachable.digests()).contains(outer, inner, shard, text);
        assertThat(reachable.contains(put("other"))).isFalse();
    }

    /** A reference that follows {@code renew} or a store is never broken by a collector with an older view. */
    @Test
    void noReferencedArtifactIsLostUnderConcurrentWriters() throws Exception {
        Set<Digest> references = ConcurrentHashMap.newKeySet();
        AtomicBoolean ended = new AtomicBoolean();
        AtomicLong removed = new AtomicLong();
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 1)) {
            Future<?> collector = threads.submit(() -> {
                while (!ended.get()) {
                    List<StoredArtifact> artifacts = list();
                    Set<Digest> seen = Set.copyOf(references);
                    for (StoredArtifact artifact : artifacts) {
                        if (!seen.contains(artifact.digest())) {
                            removed.addAndGet(store.removeIfOlder(artifact.digest(), limit())
                                    .orElse(0));
                        }
                    }
                }
            });
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                writers.add(threads.submit(() -> write(writer, references)));
            }
            try {
                for (Future<?> writer : writers) {
                    writer.get();
                }
            } finally {
                ended.set(true);
            }
            collector.get();
        }
        assertThat(references).allMatch(store::contains);
        assertThat(removed).hasPositiveValue();
    }

    /** Refers to random artifacts of its own, and drops references again. */
    private void write(int writer, Set<Digest> references) {
        Random random = new Random(writer);
        for (int step = 0; step < STEPS; step++) {
            String content = writer + " " + random.nextInt(CONTENTS_PER_WRITER);
            Digest digest = Digest.of(content.getBytes(StandardCharsets.UTF_8));
            if (references.remove(digest)) {
                // The collector may just be giving it back its name.
                while (!isAged(digest)) {
                    Thread.onSpinWait();
                }
                continue;
            }
            try {
                store.renew(digest);
            } catch (NoSuchArtifactException e) {
                put(content);
            }
            references.add(digest);
        }
    }

    private Digest put(String content) {
        try (ArtifactWriter writer = store.create()) {
            writer.write(content.getBytes(StandardCharsets.UTF_8));
            return writer.commit();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void age(Digest digest) {
        assertThat(isAged(digest)).isTrue();
    }

    /** Makes an artifact older than the grace period; returns false if it is missing. */
    private boolean isAged(Digest digest) {
        Path file = folder.resolve("artifacts/sha256")
                .resolve(digest.hex().substring(0, 2))
                .resolve(digest.hex().substring(2));
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(GRACE.multipliedBy(2))));
            return true;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<StoredArtifact> list() {
        List<StoredArtifact> all = new ArrayList<>();
        store.list(all::add);
        return all;
    }

    private static Instant limit() {
        return Instant.now().minus(GRACE);
    }
}
