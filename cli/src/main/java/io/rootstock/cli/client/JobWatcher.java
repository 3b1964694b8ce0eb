package io.rootstock.cli.client;

import io.rootstock.job.v1.JobState;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.WatchJobRequest;
import io.rootstock.registry.v1.WatchJobResponse;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Streams the events of a job until it ends. A broken stream is reopened after the last received event: each event is
 * delivered exactly once, in order, also when the registry restarts, unless it has lost that event.
 */
public final class JobWatcher {
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
    private final Reconnection reconnection;
    private long sequence;
    private String token = "";

    /**
     * @param events receives every event, in order
     * @param reconnecting receives the error message before each reconnect
     */
    public JobWatcher(Clients clients, Consumer<JobEvent> events, Consumer<String> reconnecting) {
        this.clients = clients;
        this.events = events;
        this.reconnecting = reconnecting;
        this.reconnection = new Reconnection(reconnecting);
    }

    /**
     * Watches the job until it ends, is paused or needs recovery.
     *
     * @param name jobs/{job}
     * @param afterSequence sequence number of the last event to skip; 0: none
     * @return the job in its final state
     */
    public Job watch(String name, long afterSequence) {
        sequence = afterSequence;
        token = "";
        return reconnection.read(() -> read(name));
    }

    private Optional<Job> read(String name) {
        Iterator<WatchJobResponse> stream = clients.jobs()
                .watchJob(WatchJobRequest.newBuilder()
                        .setName(name)
                        .setAfterSequence(token.isEmpty() ? sequence : 0)
                        .setResumeToken(token)
                        .build());
        while (stream.hasNext()) {
            WatchJobResponse response = stream.next();
            reconnection.received();
            if (response.getReset()) {
                reconnecting.accept("the registry does not have the last event any more; all events follow");
                continue;
            }
            token = response.getResumeToken();
            JobEvent event = response.getEvent();
            sequence = event.getSequence();
            events.accept(event);
            if (isStopped(event)) {
                Optional<Job> stopped = stopped(name);
                if (stopped.isPresent()) {
                    return stopped;
                }
            }
        }
        return stopped(name);
    }

    private Optional<Job> stopped(String name) {
        return Optional.of(job(name)).filter(job -> STOPPED.contains(job.getState()));
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
}
