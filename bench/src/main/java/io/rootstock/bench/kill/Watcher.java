package io.rootstock.bench.kill;

import io.grpc.StatusRuntimeException;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.WatchJobRequest;
import io.rootstock.registry.v1.WatchJobResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Follows a job from its first event to its end; after every disconnection it resumes after the last event received.
 * Received events are acknowledged: the registry must still have them, unchanged.
 */
public final class Watcher {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Patience patience;
    private final String job;
    private final List<JobEvent> seen = new ArrayList<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile boolean gap;

    /** Starts to follow a job. */
    public Watcher(Patience patience, String job) {
        this.patience = patience;
        this.job = job;
        Thread.ofVirtual().start(this::follow);
    }

    /** Events received so far. */
    public synchronized List<JobEvent> seen() {
        return List.copyOf(seen);
    }

    /** Whether the job has ended. */
    public boolean isDone() {
        return end.isDone();
    }

    /** Waits for the job's end; throws its failure. */
    public void join() {
        end.join();
    }

    /** Number of acknowledged events that are missing or changed in a replay, or were skipped while following. */
    public int lost() {
        List<JobEvent> replayed = new ArrayList<>();
        patience.call(clients -> {
            replayed.clear();
            clients.jobs()
                    .watchJob(WatchJobRequest.newBuilder().setName(job).build())
                    .forEachRemaining(response -> replayed.add(response.getEvent()));
            return replayed;
        });
        int lost = gap ? 1 : 0;
        for (JobEvent event : seen()) {
            int index = (int) event.getSequence() - 1;
            if (index >= replayed.size() || !replayed.get(index).equals(event)) {
                lost++;
            }
        }
        return lost;
    }

    private void follow() {
        try {
            while (!watchOnce()) {
                Patience.sleep(PAUSE);
            }
            end.complete(null);
        } catch (RuntimeException e) {
            end.completeExceptionally(e);
        }
    }

    private boolean watchOnce() {
        try {
            Iterator<WatchJobResponse> events = patience.next()
                    .jobs()
                    .watchJob(WatchJobRequest.newBuilder()
                            .setName(job)
                            .setAfterSequence(lastSequence())
                            .build());
            while (events.hasNext()) {
                add(events.next().getEvent());
            }
            return true;
        } catch (StatusRuntimeException e) {
            if (!Patience.isUnavailable(e)) {
                throw e;
            }
            return false;
        }
    }

    private synchronized void add(JobEvent event) {
        gap |= event.getSequence() != seen.size() + 1;
        seen.add(event);
    }

    private synchronized long lastSequence() {
        return seen.isEmpty() ? 0 : seen.getLast().getSequence();
    }
}
