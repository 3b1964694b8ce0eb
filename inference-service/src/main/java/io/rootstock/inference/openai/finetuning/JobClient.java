package io.rootstock.inference.openai.finetuning;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import io.rootstock.inference.registry.RegistryClient;
import io.rootstock.inference.serving.AliasStatus;
import io.rootstock.inference.serving.Serving;
import io.rootstock.names.AliasName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.v1.FineTuningJob;
import io.rootstock.registry.v1.FineTuningState;
import io.rootstock.registry.v1.GetFineTuningJobRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.JobEvent;
import io.rootstock.registry.v1.WatchJobRequest;
import io.rootstock.registry.v1.WatchJobResponse;
import io.rootstock.service.StreamCancelledException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;

/** Reads fine-tuning jobs and their events from the registry. */
@ApplicationScoped
class JobClient {
    /** Longest time after the promotion in which a version that does not serve yet counts as loading. */
    private static final Duration LOADING_LIMIT = Duration.ofMinutes(10);

    private final RegistryClient registry;
    private final Serving serving;

    @Inject
    JobClient(RegistryClient registry, Serving serving) {
        this.registry = registry;
        this.serving = serving;
    }

    /** Returns a job; NOT_FOUND if it does not exist. */
    FineTuningJob get(String id) {
        GetFineTuningJobRequest request = GetFineTuningJobRequest.newBuilder()
                .setName(JobObject.COLLECTION + id)
                .build();
        return RegistryClient.call(
                () -> registry.fineTuning().getFineTuningJob(request).getJob());
    }

    /** Alias that this service serves. */
    String alias() {
        return serving.alias();
    }

    /** Whether the job has succeeded a moment ago and this service still loads its version. */
    boolean isLoading(FineTuningJob job) {
        if (job.getState() != FineTuningState.FINE_TUNING_STATE_SUCCEEDED
                || Instant.ofEpochSecond(job.getFinishTime().getSeconds())
                        .plus(LOADING_LIMIT)
                        .isBefore(Instant.now())) {
            return false;
        }
        String alias = new AliasName(JobObject.model(job), serving.alias()).toString();
        return serving.models().list().stream()
                .filter(status -> status.alias().equals(alias))
                .noneMatch(status -> !status.version().isEmpty() || status.state() == AliasStatus.State.LOAD_FAILED);
    }

    /**
     * Name of the version that a request's model names: a bare name is the served alias, or the newest version of a model
     * that is not served.
     */
    String base(String model) {
        if (VersionReference.isModel(model)) {
            try {
                return version(model + "@" + serving.alias());
            } catch (StatusRuntimeException e) {
                if (e.getStatus().getCode() != Status.Code.NOT_FOUND) {
                    throw e;
                }
            }
        }
        return version(model);
    }

    /**
     * Calls {@code each} with the events of a training job.
     *
     * @param job jobs/{job}
     * @param follow whether to wait for further events until the job ends
     * @return sequence number of the last event
     */
    long events(String job, boolean follow, Consumer<JobEvent> each) throws InterruptedException {
        BlockingClientCall<?, WatchJobResponse> call = registry.jobStreams()
                .watchJob(WatchJobRequest.newBuilder()
                        .setName(job)
                        .setReplayOnly(!follow)
                        .build());
        boolean ended = false;
        long last = 0;
        try {
            for (WatchJobResponse next = call.read(); next != null; next = call.read()) {
                each.accept(next.getEvent());
                last = next.getEvent().getSequence();
            }
            ended = true;
            return last;
        } catch (StatusException e) {
            ended = true;
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                // The training job was deleted after its end.
                return last;
            }
            throw RegistryClient.error(e);
        } finally {
            if (!ended) {
                call.cancel("the client has left", null);
            }
        }
    }

    /** Waits before the job is read again; throws if the client has left. */
    static void pause() throws InterruptedException {
        Thread.sleep(Duration.ofMillis(500));
        if (Context.current().isCancelled()) {
            throw new StreamCancelledException();
        }
    }

    private String version(String name) {
        GetVersionRequest request = GetVersionRequest.newBuilder().setName(name).build();
        return RegistryClient.call(() -> registry.models().getVersion(request).getVersion())
                .getName();
    }
}
