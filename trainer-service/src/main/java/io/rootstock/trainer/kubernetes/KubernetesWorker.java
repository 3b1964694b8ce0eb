package io.rootstock.trainer.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.WorkerHandle;
import io.rootstock.trainer.run.WorkerReports;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * A worker in the pod of a Job, or in that of any Job of the run. Its end is read from the agent's last report; without one,
 * from the status of the pod.
 */
final class KubernetesWorker implements WorkerHandle {
    private static final Logger LOG = Logger.getLogger(KubernetesWorker.class);
    private static final String OUT_OF_MEMORY = "OOMKilled";
    private static final Duration BETWEEN_REQUESTS = Duration.ofSeconds(10);

    private final KubernetesWorkers workers;
    private final RunDirectory directory;
    /** Empty: every Job of the run. */
    private final Optional<String> job;

    private Optional<Long> stopped = Optional.empty();
    private Optional<Long> killed = Optional.empty();

    KubernetesWorker(KubernetesWorkers workers, RunDirectory directory, Optional<String> job) {
        this.workers = workers;
        this.directory = directory;
        this.job = job;
    }

    @Override
    public boolean isAlive() {
        return job.map(workers.view()::isActive).orElseGet(() -> workers.view().hasActive(directory.runId()));
    }

    @Override
    public void stop() {
        stopped = repeat(stopped, workers::stop, "stopped");
    }

    @Override
    public void kill() {
        killed = repeat(killed, workers::kill, "ended");
    }

    /**
     * Calls the API for the active Jobs, not more than once in ten seconds: the supervisor repeats a request until the worker
     * has ended.
     *
     * @return time of the last call
     */
    private Optional<Long> repeat(Optional<Long> last, Consumer<String> request, String done) {
        long now = System.nanoTime();
        if (last.isPresent() && now - last.get() < BETWEEN_REQUESTS.toNanos()) {
            return last;
        }
        try {
            jobs().forEach(request);
        } catch (KubernetesClientException e) {
            LOG.warnf("run %s: its Job is %s later: %s", directory.runId(), done, e.getMessage());
        }
        return Optional.of(now);
    }

    @Override
    public Optional<Integer> exitCode() {
        return WorkerReports.Exit.read(directory)
                .map(WorkerReports.Exit::exitCode)
                .or(() -> terminated().map(ContainerStateTerminated::getExitCode));
    }

    @Override
    public boolean killedForMemory() {
        return WorkerReports.Exit.read(directory)
                .map(WorkerReports.Exit::killedForMemory)
                .orElseGet(() -> terminated()
                        .filter(state -> OUT_OF_MEMORY.equals(state.getReason()))
                        .isPresent());
    }

    @Override
    public String output() {
        return WorkerReports.Exit.read(directory)
                .map(WorkerReports.Exit::output)
                .or(() -> terminated().map(ContainerStateTerminated::getMessage))
                .orElse("");
    }

    @Override
    public long localBytes() {
        return 0;
    }

    @Override
    public String description() {
        List<String> names = jobs();
        return names.isEmpty() ? "no Job" : "Job " + String.join(", ", names);
    }

    private List<String> jobs() {
        return job.map(List::of).orElseGet(() -> workers.view().active(directory.runId()));
    }

    /** End of the worker's container; empty if its pod is not there any more. */
    private Optional<ContainerStateTerminated> terminated() {
        Optional<String> last = job.or(() -> workers.view().last(directory.runId()));
        if (last.isEmpty()) {
            return Optional.empty();
        }
        try {
            return workers.pods(last.get()).stream()
                    .filter(pod -> pod.getStatus() != null)
                    .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
                    .map(ContainerStatus::getState)
                    .filter(Objects::nonNull)
                    .map(ContainerState::getTerminated)
                    .filter(Objects::nonNull)
                    .findFirst();
        } catch (KubernetesClientException e) {
            LOG.warnf("the pod of %s cannot be read: %s", last.get(), e.getMessage());
            return Optional.empty();
        }
    }
}
