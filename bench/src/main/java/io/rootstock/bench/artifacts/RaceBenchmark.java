package io.rootstock.bench.artifacts;

import io.rootstock.artifacts.ArtifactLocation;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Removes old artifacts from an S3 server while another store puts or renews the same artifacts, as a collection and a
 * service do. What was put or renewed must be there afterwards. Prints {@code races= lost=}.
 */
public final class RaceBenchmark {
    private static final int ROUNDS = 8;
    private static final int ARTIFACTS = 250;
    private static final int MAX_DELAY_MILLIS = 8;
    private static final int THREADS = 12;
    /** Share of the artifacts that are renewed; the others are put again. */
    private static final int RENEWED_EVERY = 3;
    /** S3 servers state times in whole seconds. */
    private static final long AGE_MILLIS = 2500;

    private final Path home;
    private final ArtifactStore collector;
    private final ArtifactStore user;
    private final AtomicInteger removed = new AtomicInteger();
    private final AtomicInteger late = new AtomicInteger();

    private RaceBenchmark(Path home, Gateway gateway) {
        this.home = home;
        this.collector = open(gateway, "collector");
        this.user = open(gateway, "user");
    }

    /** Entry point without arguments. */
    public static void main(String[] arguments) throws Exception {
        Path home = Files.createTempDirectory("rootstock-races-");
        try (Gateway gateway = new Gateway(home);
                ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            new RaceBenchmark(home, gateway).run(threads);
        } finally {
            FileTree.delete(home);
        }
    }

    private void run(ExecutorService threads) throws IOException, InterruptedException, ExecutionException {
        int kept = 0;
        int lost = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Set<Digest> acknowledged = race(files(round), threads);
            for (Digest digest : acknowledged) {
                if (isLost(digest)) {
                    lost++;
                } else {
                    kept++;
                }
            }
        }
        System.out.printf(
                "%d put or renewed and kept, %d removed, %d renewals came after the removal%n",
                kept, removed.get(), late.get());
        System.out.printf("races=%d%n", ROUNDS * ARTIFACTS);
        System.out.printf("lost=%d%n", lost);
    }

    /** Removes and uses each artifact at the same time; returns those whose use was acknowledged. */
    private Set<Digest> race(List<Path> files, ExecutorService threads)
            throws IOException, InterruptedException, ExecutionException {
        files.forEach(user::putFile);
        TimeUnit.MILLISECONDS.sleep(AGE_MILLIS);
        // All artifacts are older, and whatever is put or renewed from now on is not.
        Instant limit = Instant.now();
        Set<Digest> acknowledged = ConcurrentHashMap.newKeySet();
        List<Future<?>> tasks = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            Path file = files.get(i);
            Digest digest = Digest.of(Files.readAllBytes(file));
            boolean renews = i % RENEWED_EVERY == 0;
            tasks.add(threads.submit(() -> {
                delay();
                collector.removeIfOlder(digest, limit).ifPresent(bytes -> removed.incrementAndGet());
            }));
            tasks.add(threads.submit(() -> {
                delay();
                use(file, digest, renews, acknowledged);
            }));
        }
        tasks.add(threads.submit(() -> {
            long _ = collector.removeAbandoned(limit);
        }));
        for (Future<?> task : tasks) {
            task.get();
        }
        return acknowledged;
    }

    private void use(Path file, Digest digest, boolean renews, Set<Digest> acknowledged) {
        try {
            if (renews) {
                user.renew(digest);
            } else {
                Digest _ = user.putFile(file);
            }
            acknowledged.add(digest);
        } catch (NoSuchArtifactException e) {
            late.incrementAndGet();
        }
    }

    private boolean isLost(Digest digest) {
        try {
            return !Digest.of(user.readAll(digest)).equals(digest);
        } catch (NoSuchArtifactException e) {
            System.out.println("lost: " + digest);
            return true;
        }
    }

    private List<Path> files(int round) throws IOException {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < ARTIFACTS; i++) {
            files.add(
                    Files.writeString(home.resolve("file-" + round + "-" + i), "content " + i + " of round " + round));
        }
        return files;
    }

    private ArtifactStore open(Gateway gateway, String cache) {
        return new ArtifactLocation(home.resolve(cache), Optional.of(URI.create(gateway.store("races")))).open();
    }

    private static void delay() {
        try {
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(MAX_DELAY_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
