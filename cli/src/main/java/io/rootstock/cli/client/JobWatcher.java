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
 * Follows a job's events to its end. A broken stream is opened again after the last event seen, so that every event is
 * told exactly once, in order, even where the registry restarts in between.
 */
public final class JobWatcher {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int PAUSE_MILLIS = 1000;
    private static final Set<Status.Code> BROKEN =
            Set.of(Status.Code.UNAVAILABLE, Status.Code.CANCELLED, Status.Code.UNKNOWN, Status.Code.INTERNAL);
    /** States in which a job waits for a person or is over. */
    private static final Set<JobState> RESTING = Set.of(
            JobState.JOB_STATE_SUCCEEDED,
            JobState.JOB_STATE_FAILED,
            JobState.JOB_STATE_CANCELLED,
            JobState.JOB_STATE_PAUSED,
            JobState.JOB_STATE_NEEDS_RECOVERY);

    private final Clients clients;
    private final Consumer<JobEvent> events;
    private final Consumer<String> reconnecting;

    /**
     * @param clients the services
     * @param events told every event, in order
     * @param reconnecting told why, before the stream is opened again
     */
    public JobWatcher(Clients clients, Consumer<JobEvent> events, Consumer<String> reconnecting) {
        this.clients = clients;
        this.events = events;
        this.reconnecting = reconnecting;
    }

    /**
     * Follows the job until it has ended, was paused or needs recovery.
     *
     * @param name jobs/{job}
     * @param afterSequence last event already seen; 0: none
     * @return the job as it is then
     */
    public Job follow(String name, long afterSequence) {
        long sequence = afterSequence;
        long lastSign = System.nanoTime();
        while (true) {
            try {
                Iterator<WatchJobResponse> stream = clients.jobs()
                        .watchJob(WatchJobRequest.newBuilder()
                                .setName(name)
                                .setAfterSequence(sequence)
                                .build());
                while (stream.hasNext()) {
                    JobEvent event = stream.next().getEvent();
                    sequence = event.getSequence();
                    lastSign = System.nanoTime();
                    events.accept(event);
                    if (rests(event)) {
                        Job job = job(name);
                        if (RESTING.contains(job.getState())) {
                            return job;
                        }
                    }
                }
                Job job = job(name);
                if (RESTING.contains(job.getState())) {
                    return job;
                }
                pause();
            } catch (StatusRuntimeException failure) {
                boolean tooLong = System.nanoTime() - lastSign > PATIENCE.toNanos();
                if (!BROKEN.contains(failure.getStatus().getCode()) || tooLong) {
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

    private static boolean rests(JobEvent event) {
        return event.hasStateChanged()
                && RESTING.contains(event.getStateChanged().getState());
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StatusRuntimeException(Status.CANCELLED.withDescription("interrupted"));
        }
    }
}
