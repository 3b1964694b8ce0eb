package io.rootstock.cli.client;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.cli.error.ErrorReport;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.JobState;
import io.rootstock.registry.v1.WatchJobRequest;
import io.rootstock.registry.v1.WatchJobResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Streams the events of a job until it ends. A broken stream is reopened after the last received event: each event is
 * delivered exactly once, in order, also when the registry restarts, unless it has lost that event.
 */
public final class JobWatcher {
    private static final Duration RECONNECT_TIMEOUT = Duration.ofMinutes(5);
    private static final int RECONNECT_DELAY_MILLIS = 1000;
    private static final Set<Status.Code> RETRYABLE =
            Set.of(Status.Code.UNAVAILABLE, Status.Code.CANCELLED, Status.Code.UNKNOWN, Status.Code.INTERNAL);
    /** States that a job leaves only by a user action. */
    private static final Set<JobState> STOPPED = Set.of(
            JobState.JOB_STATE_SUCCEEDED,
            JobState.JOB_STATE_FAILED,
            JobState.JOB_STATE_CANCELLED,
            JobState.JOB_STATE_PAUSED,
            JobState.JOB_STATE_NEEDS_RECOVERY);

    private final Clients clients;
    private final Consumer<JobEvent> events;
    private final Consumer<String> reconnecting;

    /**
     * @param events receives every event, in order
     * @param reconnecting receives the error message before each reconnect
     */
    public JobWatcher(Clients clients, Consumer<JobEvent> events, Consumer<String> reconnecting) {
        this.clients = clients;
        this.events = events;
        this.reconnecting = reconnecting;
    }

    /**
     * Watches the job until it ends, is paused or needs recovery.
     *
     * @param name jobs/{job}
     * @param afterSequence sequence number of the last event to skip; 0: none
     * @return the job in its final state
     */
    public Job watch(String name, long afterSequence) {
        long sequence = afterSequence;
        String token = "";
        long lastEvent = System.nanoTime();
        while (true) {
            try {
                Iterator<WatchJobResponse> stream = clients.jobs()
                        .watchJob(WatchJobRequest.newBuilder()
                                .setName(name)
                                .setAfterSequence(token.isEmpty() ? sequence : 0)
                                .setResumeToken(token)
                                .build());
                while (stream.hasNext()) {
                    WatchJobResponse response = stream.next();
                    lastEvent = System.nanoTime();
                    if (response.getReset()) {
                        reconnecting.accept("the registry does not have the last event any more; all events follow");
                        continue;
                    }
                    token = response.getResumeToken();
                    JobEvent event = response.getEvent();
                    sequence = event.getSequence();
                    events.accept(event);
                    if (isStopped(event)) {
                        Job job = job(name);
                        if (STOPPED.contains(job.getState())) {
                            return job;
                        }
                    }
                }
                Job job = job(name);
                if (STOPPED.contains(job.getState())) {
                    return job;
                }
                pause();
            } catch (StatusRuntimeException failure) {
                boolean timedOut = System.nanoTime() - lastEvent > RECONNECT_TIMEOUT.toNanos();
                if (!RETRYABLE.contains(failure.getStatus().getCode()) || timedOut) {
                    throw failure;
                }
                reconnecting.accept(ErrorReport.of(failure).message());
                pause();
            }
        }
    }

    private Job job(String name) {
        return clients.jobs()
                .getJob(GetJobRequest.newBuilder().setName(name).build())
                .getJob();
    }

    private static boolean isStopped(JobEvent event) {
        return event.hasStateChanged()
                && STOPPED.contains(event.getStateChanged().getState());
    }

    private static void pause() {
        try {
            Thread.sleep(RECONNECT_DELAY_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StatusRuntimeException(Status.CANCELLED.withDescription("interrupted"));
        }
    }
}
