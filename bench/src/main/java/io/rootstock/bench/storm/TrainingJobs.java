package io.rootstock.bench.storm;

import io.rootstock.bench.kill.Patience;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.ListVersionsRequest;
import io.rootstock.registry.v1.ListVersionsResponse;
import io.rootstock.registry.v1.Version;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** Keeps a number of jobs going, each with one of a few specs whose undisturbed results are known. */
final class TrainingJobs {
    private static final int AT_A_TIME = 3;
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int MAX_PAGE = 1000;
    private static final String MODEL = "models/storm";

    private final Patience patience;
    private final Findings findings;
    private final BooleanSupplier diskWasFull;
    private final List<JobSpec> specs;
    private final Random random;
    private final List<StormJob> jobs = new ArrayList<>();
    private final Thread thread;
    private volatile boolean closing;

    /** Starts creating jobs. */
    TrainingJobs(
            Patience patience, Findings findings, BooleanSupplier diskWasFull, List<JobSpec> specs, Random random) {
        this.patience = patience;
        this.findings = findings;
        this.diskWasFull = diskWasFull;
        this.specs = List.copyOf(specs);
        this.random = random;
        this.thread = Thread.ofVirtual().start(this::create);
    }

    /** Stops creating jobs, and waits for those that exist. */
    void finish(Duration limit) {
        closing = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        long end = System.nanoTime() + limit.toNanos();
        jobs.forEach(job -> job.await(Duration.ofNanos(Math.max(1, end - System.nanoTime()))));
    }

    /** Acknowledged jobs and events. */
    int acknowledged() {
        return jobs.size() + jobs.stream().mapToInt(StormJob::events).sum();
    }

    /** Numbers of jobs by their last states, and of resumptions by a user. */
    String summary() {
        Map<JobState, Integer> states = new HashMap<>();
        jobs.forEach(job -> states.merge(job.last().getState(), 1, Integer::sum));
        return jobs.size() + " jobs: " + states + ", resumed by their users: "
                + jobs.stream().mapToInt(StormJob::resumed).sum();
    }

    /** Adds lost events, results that differ from those of the same spec, and jobs with several versions. */
    void check(Cluster cluster, Map<Long, Reference> references) {
        Map<String, String> versions = versions();
        int compared = 0;
        for (StormJob job : jobs) {
            if (!job.isDone()) {
                continue;
            }
            job.checkEvents();
            Job last = job.last();
            if (last.getState() != JobState.JOB_STATE_SUCCEEDED) {
                continue;
            }
            if (!last.getVersion().equals(versions.get(last.getName()))) {
                findings.add(Findings.Kind.LOST, last.getVersion() + " of " + last.getName());
                continue;
            }
            Reference result = Reference.of(patience, cluster.runs(), last);
            compared++;
            if (!result.equals(references.get(job.seed()))) {
                findings.add(
                        Findings.Kind.UNRESUMED,
                        last.getName() + " has other results: " + result + ", not " + references.get(job.seed()));
            }
        }
        System.out.println(compared + " results compared with those of undisturbed runs");
    }

    /** Versions by their jobs. */
    private Map<String, String> versions() {
        Map<String, String> versions = new HashMap<>();
        String token = "";
        do {
            ListVersionsRequest request = ListVersionsRequest.newBuilder()
                    .setModel(MODEL)
                    .setPageSize(MAX_PAGE)
                    .setPageToken(token)
                    .build();
            ListVersionsResponse page =
                    patience.call(clients -> clients.models().listVersions(request));
            for (Version version : page.getVersionsList()) {
                String other = versions.put(version.getJob(), version.getName());
                if (other != null) {
                    findings.add(
                            Findings.Kind.HOLES,
                            version.getJob() + " has two versions, " + other + " and " + version.getName());
                }
            }
            token = page.getNextPageToken();
        } while (!token.isEmpty());
        return versions;
    }

    private void create() {
        while (!closing) {
            if (jobs.stream().filter(job -> !job.isDone()).count() < AT_A_TIME) {
                jobs.add(
                        new StormJob(patience, findings, diskWasFull, specs.get(random.nextInt(specs.size())), random));
            }
            Patience.sleep(POLL);
        }
    }
}
