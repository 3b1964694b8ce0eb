package io.rootstock.trainer.kubernetes;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * The launcher's Jobs as the API server listed them last, at most a second ago while it answers. While it does not, Jobs keep
 * their last state, and an unknown Job counts as active before the first answer: no second worker is started by mistake.
 */
final class JobView implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(JobView.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration FRESH = Duration.ofSeconds(10);
    /** Time beyond its grace period after which a Job that is being deleted counts as ended: its node does not answer. */
    private static final Duration DELETION_EXTRA = Duration.ofSeconds(60);

    /** FailureTarget: the Job fails as soon as its pods have ended, which those of a lost node do not report. */
    private static final Set<String> ENDED = Set.of("Complete", "Failed", "FailureTarget", "SuccessCriteriaMet");

    private final KubernetesClient client;
    private final String namespace;
    private final Duration grace;
    private final Thread thread;
    private Map<String, Entry> jobs = new HashMap<>();
    private long listed;
    private boolean hasList;
    private boolean failing;

    /**
     * A Job.
     *
     * @param seen time at which it was stored here, nanoseconds
     * @param deletionSeen time at which its deletion was first seen; empty: it is not being deleted
     */
    private record Entry(Job job, long seen, Optional<Long> deletionSeen) {}

    /**
     * Starts to list.
     *
     * @param grace grace period of the pods
     */
    JobView(KubernetesClient client, String namespace, Duration grace) {
        this.client = client;
        this.namespace = namespace;
        this.grace = grace;
        this.thread = Thread.ofPlatform().daemon().name("kubernetes-jobs").start(this::run);
    }

    /** Whether the API server has answered within the last ten seconds. */
    synchronized boolean isFresh() {
        return hasList && System.nanoTime() - listed < FRESH.toNanos();
    }

    /** Adds a Job that was created now. */
    synchronized void add(Job job) {
        jobs.put(job.getMetadata().getName(), new Entry(job, System.nanoTime(), Optional.empty()));
    }

    /** Whether a Job is active: its pod may be running. */
    synchronized boolean isActive(String name) {
        Entry entry = jobs.get(name);
        return entry == null ? !hasList : isActive(entry);
    }

    /** Whether a Job of a run is active, or may be because the API server has not answered yet. */
    synchronized boolean hasActive(String runId) {
        return !hasList || jobs.values().stream().anyMatch(entry -> isOf(entry.job(), runId) && isActive(entry));
    }

    /** Names of a run's active Jobs. */
    synchronized List<String> active(String runId) {
        return jobs.values().stream()
                .filter(entry -> isOf(entry.job(), runId) && isActive(entry))
                .map(entry -> entry.job().getMetadata().getName())
                .sorted()
                .toList();
    }

    /** Largest number of an attempt of a run; 0 if it has none. */
    synchronized int lastAttempt(String runId) {
        return jobs.values().stream()
                .filter(entry -> isOf(entry.job(), runId))
                .mapToInt(entry -> JobNames.attempt(entry.job()))
                .max()
                .orElse(0);
    }

    /** The Job of a run's last attempt; empty if there is none. */
    synchronized Optional<Job> last(String runId) {
        return jobs.values().stream()
                .map(Entry::job)
                .filter(job -> isOf(job, runId))
                .max(Comparator.comparingInt(JobNames::attempt));
    }

    /** Lists the Jobs once. */
    void refresh() {
        long start = System.nanoTime();
        Collection<Job> found = client.batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withLabels(JobNames.MANAGED)
                .list()
                .getItems();
        synchronized (this) {
            Map<String, Entry> next = new HashMap<>();
            for (Job job : found) {
                Entry before = jobs.get(job.getMetadata().getName());
                Optional<Long> deletion = job.getMetadata().getDeletionTimestamp() == null
                        ? Optional.empty()
                        : before == null
                                ? Optional.of(start)
                                : before.deletionSeen().or(() -> Optional.of(start));
                next.put(job.getMetadata().getName(), new Entry(job, start, deletion));
            }
            // The list may have been read before these were created.
            jobs.forEach((name, entry) -> {
                if (entry.seen() - start > 0) {
                    next.putIfAbsent(name, entry);
                }
            });
            jobs = next;
            listed = start;
            hasList = true;
            if (failing) {
                LOG.info("the Kubernetes API answers again");
            }
            failing = false;
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                try {
                    refresh();
                } catch (KubernetesClientException e) {
                    failed(e);
                }
                Thread.sleep(PERIOD);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void failed(KubernetesClientException e) {
        if (!failing) {
            LOG.warnf("the Jobs of runs cannot be listed, and runs keep their states: %s", e.getMessage());
        }
        failing = true;
    }

    private boolean isActive(Entry entry) {
        boolean lost = entry.deletionSeen()
                .filter(seen ->
                        System.nanoTime() - seen > grace.plus(DELETION_EXTRA).toNanos())
                .isPresent();
        return !lost && !hasEnded(entry.job());
    }

    /** Whether a Job has ended or can only end. */
    static boolean hasEnded(Job job) {
        return job.getStatus() != null
                && job.getStatus().getConditions().stream().anyMatch(JobView::isEnd);
    }

    private static boolean isEnd(JobCondition condition) {
        return ENDED.contains(condition.getType()) && "True".equals(condition.getStatus());
    }

    private static boolean isOf(Job job, String runId) {
        return JobNames.label(runId).equals(job.getMetadata().getLabels().get(JobNames.RUN));
    }
}
