package io.rootstock.trainer.pod;

import io.grpc.StatusRuntimeException;
import io.rootstock.artifacts.ArtifactException;
import io.rootstock.trainer.events.EventReader;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.v1.ReportRunWorkerRequest;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunWorkerExit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Reports the worker's events to the trainer, in order. The worker's event log on disk holds them during outages; it is read
 * again from the beginning if the trainer has fewer events than it had acknowledged. A checkpoint is in the artifact store
 * before its event is reported.
 */
final class EventReports {
    private static final int BATCH = 500;
    private static final int BATCH_BYTES = 1 << 20;

    private final String run;
    private final RunDirectory directory;
    private final TrainerClient trainer;
    private final CheckpointUploads uploads;
    private final RunLease lease;
    private final Deque<RunEvent> pending = new ArrayDeque<>();
    private EventReader reader;
    /** Position of the last event that the trainer has acknowledged. */
    private long acknowledged;

    private String failure = "";

    /** @param acknowledged position of the last event that the trainer has stored */
    EventReports(
            String run,
            RunDirectory directory,
            TrainerClient trainer,
            CheckpointUploads uploads,
            RunLease lease,
            long acknowledged) {
        this.run = run;
        this.directory = directory;
        this.trainer = trainer;
        this.uploads = uploads;
        this.lease = lease;
        this.acknowledged = acknowledged;
        this.reader = new EventReader(directory.events());
    }

    /** Result of a report. */
    enum Result {
        /** All events of the log were reported. */
        COMPLETE,
        /** There are more events. */
        MORE,
        /** The trainer or the store cannot be reached, or the lease is over: try again later. */
        FAILED
    }

    /**
     * Reports the next events.
     *
     * @throws StatusRuntimeException if the trainer rejects them for good
     */
    Result report() {
        read();
        if (pending.isEmpty()) {
            return Result.COMPLETE;
        }
        ReportRunWorkerRequest.Builder request = request();
        try {
            int bytes = 0;
            for (RunEvent event : pending) {
                if (request.getEventsCount() == BATCH || bytes > BATCH_BYTES) {
                    break;
                }
                boolean upload = event.hasCheckpoint() && uploads.isPending(event.getCheckpoint());
                if (upload && request.getEventsCount() > 0) {
                    break;
                }
                RunEvent reported = event.hasCheckpoint()
                        ? event.toBuilder()
                                .setCheckpoint(uploads.store(event.getCheckpoint()))
                                .build()
                        : event;
                request.addEvents(reported);
                bytes += reported.getSerializedSize();
            }
        } catch (ArtifactException e) {
            return failed(e.getMessage());
        }
        if (!send(request.build())) {
            return Result.FAILED;
        }
        return pending.isEmpty() ? Result.COMPLETE : Result.MORE;
    }

    /**
     * Reports the end of the worker, after all its events.
     *
     * @param exit the end without the position of the last event
     * @return whether the trainer has stored it
     */
    boolean report(RunWorkerExit exit) {
        RunWorkerExit complete = exit.toBuilder().setLastSequence(acknowledged).build();
        return send(request().setExit(complete).build())
                && pending.isEmpty()
                && complete.getLastSequence() == acknowledged;
    }

    private ReportRunWorkerRequest.Builder request() {
        return ReportRunWorkerRequest.newBuilder().setRunId(run).setLease(lease.number());
    }

    private void read() {
        for (RunEvent event : reader.poll()) {
            if (event.getSequence() > acknowledged) {
                pending.add(event);
            }
        }
        uploads.link(pending.stream().toList());
    }

    /** Sends a report unless the lease is over; returns whether the trainer has answered. */
    private boolean send(ReportRunWorkerRequest request) {
        if (lease.state() != RunLease.State.HELD) {
            return false;
        }
        long stored;
        try {
            stored = trainer.report(request);
        } catch (StatusRuntimeException e) {
            if (TrainerClient.isRefused(e)) {
                lease.lose(Optional.ofNullable(e.getStatus().getDescription()).orElse("refused by the trainer"));
                return false;
            }
            if (!TrainerClient.isTransient(e)) {
                throw e;
            }
            Result _ = failed("the trainer cannot be reached: " + e.getMessage());
            return false;
        }
        if (!failure.isEmpty()) {
            AgentLog.line("events are reported again");
            failure = "";
        }
        if (stored < acknowledged) {
            AgentLog.line("the trainer has " + stored + " of " + acknowledged + " events; they are reported again");
            reader = new EventReader(directory.events());
            pending.clear();
        }
        acknowledged = stored;
        pending.removeIf(event -> event.getSequence() <= stored);
        if (pending.isEmpty()) {
            read();
        }
        return true;
    }

    private Result failed(String reason) {
        if (!failure.equals(reason)) {
            AgentLog.line(reason + "; events wait on disk");
            failure = reason;
        }
        return Result.FAILED;
    }
}
