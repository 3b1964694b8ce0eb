package io.rootstock.bench.storm;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.bench.kill.Patience;
import io.rootstock.bench.kill.Watcher;
import io.rootstock.cli.client.Clients;
import io.rootstock.job.v1.JobState;
import io.rootstock.registry.v1.CancelJobRequest;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.PauseJobRequest;
import io.rootstock.registry.v1.ResumeJobRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * A job and its user, who watches it, and may pause, resume or cancel it. A job that needs recovery, or has failed because a
 * disk was full, is resumed.
 */
final class StormJob {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int MAX_WAIT_MILLIS = 12_000;

    private final Patience patience;
    private final Findings findings;
    private final BooleanSupplier diskWasFull;
    private final long seed;
    private final Plan plan;
    private final Duration wait;
    private final Job created;
    private final List<Watcher> watchers = new ArrayList<>();
    private final Thread thread;
    private volatile Job last;
    private volatile boolean done;
    private final AtomicInteger resumed = new AtomicInteger();
    private volatile boolean abandoned;

    /** Actions of its user. */
    enum Plan {
        WATCH,
        PAUSE_AND_RESUME,
        CANCEL;

        private static Plan random(Random random) {
            int share = random.nextInt(10);
            return share < 6 ? WATCH : share < 9 ? PAUSE_AND_RESUME : CANCEL;
        }
    }

    /** Creates the job. */
    StormJob(Patience patience, Findings findings, BooleanSupplier diskWasFull, JobSpec spec, Random random) {
        this.patience = patience;
        this.findings = findings;
        this.diskWasFull = diskWasFull;
        this.seed = spec.getHyperparameters().getSeed();
        this.plan = Plan.random(random);
        this.wait = Duration.ofMillis(random.nextInt(MAX_WAIT_MILLIS));
        CreateJobRequest request = CreateJobRequest.newBuilder()
                .setSpec(spec)
                .setRequestId(UUID.randomUUID().toString())
                .build();
        this.created =
                patience.call(clients -> clients.jobs().createJob(request).getJob());
        this.last = created;
        this.watchers.add(new Watcher(patience, created.getName()));
        this.thread = Thread.ofVirtual().name(created.getName()).start(this::use);
    }

    long seed() {
        return seed;
    }

    Job last() {
        return last;
    }

    boolean isDone() {
        return done;
    }

    /** Times that its user resumed it because of its state. */
    int resumed() {
        return resumed.get();
    }

    /** Events that a watcher has received. */
    int events() {
        return watchers.stream().mapToInt(watcher -> watcher.seen().size()).sum();
    }

    /** Waits for the end of the job. */
    void await(Duration limit) {
        try {
            if (!thread.join(limit)) {
                abandoned = true;
                findings.add(
                        Findings.Kind.UNRESUMED,
                        created.getName() + " is still " + last.getState() + ": " + last.getMessage());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Adds events that are missing, changed or out of order. */
    void checkEvents() {
        for (Watcher watcher : watchers) {
            int lost = watcher.lost();
            if (lost > 0) {
                findings.add(Findings.Kind.LOST, lost + " events of " + created.getName());
            }
        }
        List<JobEvent> events = watchers.getLast().seen();
        long job = 0;
        long run = 0;
        int successes = 0;
        for (JobEvent event : events) {
            job++;
            if (event.getSequence() != job) {
                findings.add(
                        Findings.Kind.HOLES,
                        created.getName() + " has event " + event.getSequence() + " after " + (job - 1));
                return;
            }
            if (event.hasRunEvent()) {
                run++;
                if (event.getRunEvent().getSequence() != run) {
                    findings.add(
                            Findings.Kind.HOLES,
                            created.getName() + " has run event "
                                    + event.getRunEvent().getSequence() + " after " + (run - 1));
                    return;
                }
            }
            successes += event.getStateChanged().getState() == JobState.JOB_STATE_SUCCEEDED ? 1 : 0;
        }
        if (successes > 1) {
            findings.add(Findings.Kind.HOLES, created.getName() + " succeeded " + successes + " times");
        }
    }

    private void use() {
        try {
            Patience.sleep(wait);
            switch (plan) {
                case WATCH -> {}
                case PAUSE_AND_RESUME -> {
                    PauseJobRequest request = PauseJobRequest.newBuilder()
                            .setName(created.getName())
                            .setRequestId(id())
                            .build();
                    if (isPermitted(clients -> clients.jobs().pauseJob(request))) {
                        Patience.sleep(wait.dividedBy(3));
                        resume();
                    }
                }
                case CANCEL -> {
                    CancelJobRequest request = CancelJobRequest.newBuilder()
                            .setName(created.getName())
                            .setRequestId(id())
                            .build();
                    boolean _ = isPermitted(clients -> clients.jobs().cancelJob(request));
                }
            }
            while (!isOver()) {
                Patience.sleep(POLL);
            }
            watchers.getLast().join();
        } catch (StatusRuntimeException e) {
            if (!abandoned) {
                findings.add(Findings.Kind.LOST, created.getName() + ": " + e.getMessage());
            }
        } finally {
            done = true;
        }
    }

    /** Reads the job's state, and resumes the job if it needs that; returns true if it has ended for good. */
    private boolean isOver() {
        last = patience.call(clients -> clients.jobs()
                .getJob(GetJobRequest.newBuilder().setName(created.getName()).build())
                .getJob());
        return switch (last.getState()) {
            case JOB_STATE_SUCCEEDED, JOB_STATE_CANCELLED -> true;
            case JOB_STATE_FAILED -> {
                if (!diskWasFull.getAsBoolean() || !last.getMessage().contains("cannot be written")) {
                    findings.add(Findings.Kind.UNRESUMED, created.getName() + " has failed: " + last.getMessage());
                    yield true;
                }
                recover();
                yield false;
            }
            case JOB_STATE_NEEDS_RECOVERY -> {
                recover();
                yield false;
            }
            case JOB_STATE_PAUSED -> {
                // The pause came after the resumption, or its answer was lost.
                resume();
                yield false;
            }
            case JOB_STATE_VALIDATING, JOB_STATE_QUEUED, JOB_STATE_RUNNING, JOB_STATE_UNSPECIFIED, UNRECOGNIZED ->
                false;
        };
    }

    private void recover() {
        System.out.println(created.getName() + " is resumed, " + last.getState() + ": " + last.getMessage());
        resumed.incrementAndGet();
        resume();
        if (watchers.getLast().isDone()) {
            watchers.add(new Watcher(patience, created.getName()));
        }
    }

    private void resume() {
        ResumeJobRequest request = ResumeJobRequest.newBuilder()
                .setName(created.getName())
                .setRequestId(id())
                .build();
        boolean _ = isPermitted(clients -> clients.jobs().resumeJob(request));
    }

    /** Sends a command; returns false if the job's state does not permit it. */
    private boolean isPermitted(Function<Clients, ?> command) {
        try {
            patience.call(command);
            return true;
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.FAILED_PRECONDITION) {
                return false;
            }
            throw e;
        }
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
