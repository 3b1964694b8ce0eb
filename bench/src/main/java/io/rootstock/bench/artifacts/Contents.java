package io.rootstock.bench.artifacts;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.artifacts.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The contents that all histories store: files, and directories of some of them. Histories share them, so that one
 * stores what another has just released. Time passes for an artifact only while no history is between storing it and
 * referring to it, and while no collection runs, whose time limit is fixed at its start.
 */
final class Contents {
    private static final int FILES = 24;
    private static final int DIRECTORIES = 8;
    private static final int FILES_PER_DIRECTORY = 3;
    /** Longer than the grace period of the collections. */
    private static final Duration AGE = Duration.ofHours(2);

    private final Path root;
    private final ArtifactStore store;
    private final List<String> texts = new ArrayList<>();
    private final List<List<Digest>> reached = new ArrayList<>();
    private final List<ReadWriteLock> ages = new ArrayList<>();
    /** Fair: collections follow each other without pause. */
    private final ReadWriteLock time = new ReentrantReadWriteLock(true);

    Contents(Path root, ArtifactStore store) {
        this.root = root;
        this.store = store;
        for (int i = 0; i < FILES; i++) {
            add("content " + i + " ".repeat(i * 100), List.of());
        }
        for (int i = 0; i < DIRECTORIES; i++) {
            List<Digest> named = new ArrayList<>();
            StringBuilder text = new StringBuilder("{\"files\": [");
            for (int file = 0; file < FILES_PER_DIRECTORY; file++) {
                int content = (i + file * DIRECTORIES) % FILES;
                named.add(digest(content));
                text.append(file == 0 ? "" : ", ")
                        .append("{\"path\": \"file-%d-of-%d\", \"digest\": \"%s\", \"bytes\": %d}"
                                .formatted(
                                        file,
                                        i,
                                        digest(content),
                                        texts.get(content).length()));
            }
            add(text + "]}", named);
        }
    }

    int size() {
        return texts.size();
    }

    Digest digest(int content) {
        return reached.get(content).getFirst();
    }

    boolean isDirectory(int content) {
        return reached.get(content).size() > 1;
    }

    /** The artifact and everything that it names. */
    List<Digest> reached(int content) {
        return reached.get(content);
    }

    /** Stores a content, with what it names first. */
    void store(int content) {
        for (Digest named : reached.get(content).subList(1, reached.get(content).size())) {
            put(texts.get(indexOf(named)));
        }
        put(texts.get(content));
    }

    /** Held by a history from storing a content to the answer of the call that refers to it. */
    ReadWriteLock young(int content) {
        return ages.get(content);
    }

    /** Held by a running collection. */
    Lock collecting() {
        return time.writeLock();
    }

    /** Lets the grace period pass for a content and what it names, unless a history is using it. */
    void age(int content) {
        time.readLock().lock();
        try {
            reached.get(content).forEach(this::age);
        } finally {
            time.readLock().unlock();
        }
    }

    private void age(Digest digest) {
        ReadWriteLock lock = ages.get(indexOf(digest));
        if (lock.writeLock().tryLock()) {
            try {
                Files.setLastModifiedTime(
                        file(digest), FileTime.from(Instant.now().minus(AGE)));
            } catch (NoSuchFileException e) {
                // Collected already.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                lock.writeLock().unlock();
            }
        }
    }

    private void add(String text, List<Digest> named) {
        texts.add(text);
        List<Digest> all = new ArrayList<>(List.of(Digest.of(text.getBytes(StandardCharsets.UTF_8))));
        all.addAll(named);
        reached.add(List.copyOf(all));
        ages.add(new ReentrantReadWriteLock());
    }

    int indexOf(Digest digest) {
        for (int i = 0; i < reached.size(); i++) {
            if (digest(i).equals(digest)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no content has the digest " + digest);
    }

    private void put(String text) {
        try (ArtifactWriter writer = store.create()) {
            writer.write(text.getBytes(StandardCharsets.UTF_8));
            writer.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file(Digest digest) {
        return root.resolve("sha256")
                .resolve(digest.hex().substring(0, 2))
                .resolve(digest.hex().substring(2));
    }
}
