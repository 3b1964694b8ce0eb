package io.rootstock.trainer.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.WorkerHandle;
import io.rootstock.trainer.run.WorkerReports;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * A worker in the pods of a Job, or of any Job of the run. Its end is read from rank 0's last report; without one, from the
 * status of the pods. A pod that was killed for lack of memory is the cause in any case: it could not report it.
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
        return outOfMemory()
                .map(ContainerStateTerminated::getExitCode)
                .or(() -> WorkerReports.Exit.read(directory).map(WorkerReports.Exit::exitCode))
                .or(() -> terminated().findFirst().map(ContainerStateTerminated::getExitCode));
    }

    @Override
    public boolean killedForMemory() {
        return WorkerReports.Exit.read(directory)
                        .filter(WorkerReports.Exit::killedForMemory)
                        .isPresent()
                || outOfMemory().isPresent();
    }

    @Override
    public String output() {
        return WorkerReports.Exit.read(directory)
                .map(WorkerReports.Exit::output)
                .or(() -> terminated().findFirst().map(ContainerStateTerminated::getMessage))
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

    private Optional<ContainerStateTerminated> outOfMemory() {
        return terminated()
                .filter(state -> OUT_OF_MEMORY.equals(state.getReason()))
                .findFirst();
    }

    /** Ends of the worker's containers, in order of rank; empty if its pods are not there any more. */
    private Stream<ContainerStateTerminated> terminated() {
        Optional<String> last = job.or(() -> workers.view()
                .last(directory.runId())
                .map(found -> found.getMetadata().getName()));
        if (last.isEmpty()) {
            return Stream.empty();
        }
        try {
            return workers.pods(last.get()).stream()
                    .filter(pod -> pod.getStatus() != null)
                    .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
                    .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
                    .map(ContainerStatus::getState)
                    .filter(Objects::nonNull)
                    .map(ContainerState::getTerminated)
                    .filter(Objects::nonNull);
        } catch (KubernetesClientException e) {
            LOG.warnf("the pods of %s cannot be read: %s", last.get(), e.getMessage());
            return Stream.empty();
        }
    }
}
