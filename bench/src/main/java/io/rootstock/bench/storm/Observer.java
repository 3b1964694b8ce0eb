package io.rootstock.bench.storm;

import io.rootstock.bench.kill.Patience;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Looks for two processes that train one run, and for two registries that lead, during the whole storm.
 *
 * <p>A worker trains while it has its run's event log open, which is so only while it holds the run's lock. Two registries
 * lead if the answers of one enclose the other one's within {@link #MAX_BETWEEN}: less than a registry needs to lead,
 * stop and lead again.
 */
final class Observer implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration LIMIT = Duration.ofMillis(300);
    private static final Duration MAX_BETWEEN = Duration.ofMillis(450);
    private static final String LEADS = "\nrootstock_registry_leads 1.0";

    private final Cluster cluster;
    private final Findings findings;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();
    private final List<Thread> threads = new ArrayList<>();
    private final String token;
    private volatile boolean closed;
    private final LongAdder workerSamples = new LongAdder();
    private final LongAdder leaderSamples = new LongAdder();

    Observer(Cluster cluster, Findings findings) throws IOException {
        this.cluster = cluster;
        this.findings = findings;
        this.token = cluster.token();
        threads.add(Thread.ofPlatform().name("observe workers").start(this::observeWorkers));
        threads.add(Thread.ofPlatform().name("observe leaders").start(this::observeLeaders));
    }

    /** Samples that saw a worker train, and those that saw a leader. */
    String samples() {
        return workerSamples + " samples with a worker that trains, " + leaderSamples + " answers of a leader";
    }

    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        client.close();
    }

    private void observeWorkers() {
        while (!closed) {
            Map<Path, Long> training = new HashMap<>();
            for (long pid : Processes.workers(cluster.runs())) {
                Path run = Processes.run(pid, cluster.runs()).orElse(null);
                if (run != null && Processes.holds(pid, run.resolve("events.log"))) {
                    Long other = training.put(run, pid);
                    if (other != null && isAlive(other, run)) {
                        findings.add(
                                Findings.Kind.DOUBLE_WORKERS,
                                "processes " + other + " and " + pid + " both train " + run.getFileName());
                    }
                    workerSamples.increment();
                }
            }
            Patience.sleep(PAUSE);
        }
    }

    /** Whether the first of two processes still trains: it may have ended before the second was looked at. */
    private static boolean isAlive(long pid, Path run) {
        return Processes.holds(pid, run.resolve("events.log"));
    }

    private void observeLeaders() {
        Map<Place, Long> last = new HashMap<>();
        while (!closed) {
            for (Place place : List.of(Place.REGISTRY_1, Place.REGISTRY_2)) {
                long asked = System.nanoTime();
                if (!leads(place)) {
                    last.remove(place);
                    continue;
                }
                leaderSamples.increment();
                Place other = place == Place.REGISTRY_1 ? Place.REGISTRY_2 : Place.REGISTRY_1;
                Long before = last.put(place, asked);
                Long between = last.get(other);
                if (before != null
                        && between != null
                        && between > before
                        && System.nanoTime() - before < MAX_BETWEEN.toNanos()) {
                    findings.add(Findings.Kind.DOUBLE_WORKERS, "both registries lead");
                }
            }
            Patience.sleep(PAUSE);
        }
    }

    private boolean leads(Place registry) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(cluster.http(registry) + "/q/metrics"))
                .header("Authorization", "Bearer " + token)
                .timeout(LIMIT)
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString())
                    .body()
                    .contains(LEADS);
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
