package io.rootstock.bench.artifacts;

import com.google.protobuf.Duration;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.bench.Lifecycle;
import io.rootstock.cli.installation.Service;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.DeleteModelRequest;
import io.rootstock.registry.v1.DeleteVersionRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.storage.v1.PruneRequest;
import io.rootstock.storage.v1.PrunedGroup;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Random histories of models against the real services, while the garbage collector runs without pause: versions are
 * registered with artifacts that were stored just now or found in the store, and deleted. The histories run concurrently and
 * store the same contents. An artifact of an acknowledged version that cannot be read is lost. Prints {@code histories= lost=
 * removed= left_over_share=}.
 */
public final class CollectBenchmark {
    private static final int HISTORIES = 10_000;
    private static final int WRITERS = 4;
    private static final int MAX_STEPS = 12;
    private static final long SEED = 20261127;
    private static final Duration GRACE = Duration.newBuilder()
            .setSeconds(java.time.Duration.ofMinutes(10).toSeconds())
            .build();

    private final Lifecycle life;
    private final ArtifactStore store;
    private final Contents contents;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final AtomicInteger checked = new AtomicInteger();
    private final AtomicInteger missing = new AtomicInteger();
    private final AtomicLong collections = new AtomicLong();
    private final AtomicLong removed = new AtomicLong();

    private CollectBenchmark(Lifecycle life) {
        this.life = life;
        this.store = new DirectoryArtifactStore(life.home().resolve("artifacts"));
        this.contents = new Contents(life.home().resolve("artifacts"), store);
    }

    /** Entry point; the argument is the number of histories, 10,000 without one. */
    public static void main(String[] arguments) throws InterruptedException, ExecutionException {
        int histories = arguments.length == 0 ? HISTORIES : Integer.parseInt(arguments[0]);
        try (Lifecycle life = Lifecycle.start("collect")) {
            new CollectBenchmark(life).run(histories);
        }
    }

    private void run(int histories) throws InterruptedException, ExecutionException {
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 1)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                writers.add(threads.submit(() -> {
                    for (int history = next.getAndIncrement(); history < histories; history = next.getAndIncrement()) {
                        new History(history).run();
                        report(done.incrementAndGet(), histories, start);
                    }
                }));
            }
            Future<?> collector = threads.submit(() -> {
                while (done.get() < histories && !Thread.currentThread().isInterrupted()) {
                    collect();
                }
            });
            for (Future<?> writer : writers) {
                writer.get();
            }
            collector.get();
        }
        for (int content = 0; content < contents.size(); content++) {
            contents.age(content);
        }
        collect();
        long[] left = {0};
        long[] stored = {removed.get()};
        store.list(artifact -> left[0] += artifact.bytes());
        stored[0] += left[0];
        System.out.printf(
                "%d collections, %d artifacts of versions read, %d registrations with a missing artifact rejected%n",
                collections.get(), checked.get(), missing.get());
        System.out.printf("histories=%d%n", done.get());
        System.out.printf("lost=%d%n", lost.get());
        System.out.printf("removed_bytes=%d%n", removed.get());
        System.out.printf("left_over_share=%.4f%n", left[0] / (double) Math.max(1, stored[0]));
    }

    private void collect() {
        contents.collecting().lock();
        try {
            PrunedGroup group = life.clients()
                    .storage(Service.REGISTRY)
                    .prune(PruneRequest.newBuilder()
                            .setApply(true)
                            .setGrace(GRACE)
                            .build())
                    .getGroups(0);
            collections.incrementAndGet();
            removed.addAndGet(group.getBytes());
        } finally {
            contents.collecting().unlock();
        }
    }

    private static void report(int done, int histories, long start) {
        if (done % 500 == 0) {
            double seconds = (System.nanoTime() - start) / 1e9;
            System.err.printf(
                    "%d of %d histories, %.0f s left%n", done, histories, seconds / done * (histories - done));
        }
    }

    /** One model: its versions, by name, with the contents that they refer to. */
    private final class History {
        private final Random random;
        private final String model;
        private final Map<String, List<Integer>> versions = new LinkedHashMap<>();

        History(int number) {
            this.random = new Random(SEED + number);
            this.model = "models/history-" + number;
        }

        void run() {
            int steps = 3 + random.nextInt(MAX_STEPS - 2);
            for (int step = 0; step < steps; step++) {
                switch (random.nextInt(4)) {
                    case 0, 1 -> register(random.nextInt(contents.size()), random.nextBoolean());
                    case 2 -> deleteOne();
                    default -> contents.age(random.nextInt(contents.size()));
                }
            }
            versions.values().forEach(this::check);
            if (!versions.isEmpty()) {
                life.clients()
                        .models()
                        .deleteModel(DeleteModelRequest.newBuilder()
                                .setName(model)
                                .setForce(true)
                                .build());
            }
            versions.values().forEach(used -> used.forEach(contents::age));
        }

        /** Registers a version of a content that is stored first, or that another history has left in the store. */
        private void register(int content, boolean stored) {
            List<Integer> used = contents.reached(content).stream()
                    .map(contents::indexOf)
                    .sorted()
                    .toList();
            used.forEach(each -> contents.young(each).readLock().lock());
            try {
                if (stored) {
                    contents.store(content);
                }
                Version version = life.clients()
                        .models()
                        .createVersion(CreateVersionRequest.newBuilder()
                                .setModel(model)
                                .setVersion(Version.newBuilder()
                                        .setKind(VersionKind.VERSION_KIND_BASE)
                                        .addArtifacts(Artifact.newBuilder()
                                                .setKind(
                                                        contents.isDirectory(content)
                                                                ? ArtifactKind.ARTIFACT_KIND_HUGGING_FACE
                                                                : ArtifactKind.ARTIFACT_KIND_GGUF_F32)
                                                .setDigest(
                                                        contents.digest(content).value())))
                                .build())
                        .getVersion();
                versions.put(version.getName(), List.of(content));
            } catch (StatusRuntimeException e) {
                if (stored || e.getStatus().getCode() == Status.Code.INTERNAL) {
                    throw e;
                }
                missing.incrementAndGet();
            } finally {
                used.forEach(each -> contents.young(each).readLock().unlock());
            }
        }

        private void deleteOne() {
            if (versions.isEmpty()) {
                return;
            }
            String version = versions.keySet().iterator().next();
            List<Integer> used = versions.remove(version);
            check(used);
            life.clients()
                    .models()
                    .deleteVersion(
                            DeleteVersionRequest.newBuilder().setName(version).build());
            used.forEach(contents::age);
        }

        private void check(List<Integer> used) {
            for (int content : used) {
                for (Digest digest : contents.reached(content)) {
                    checked.incrementAndGet();
                    if (!isReadable(digest)) {
                        lost.incrementAndGet();
                        System.out.println(model + " has lost " + digest);
                    }
                }
            }
        }

        private boolean isReadable(Digest digest) {
            try {
                store.verified(digest);
                return true;
            } catch (ArtifactException e) {
                return false;
            }
        }
    }
}
