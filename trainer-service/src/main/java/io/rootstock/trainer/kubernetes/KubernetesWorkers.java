package io.rootstock.trainer.kubernetes;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.WorkerHandle;
import io.rootstock.trainer.run.WorkerLauncher;
import java.util.List;
import java.util.Optional;

/** Starts workers as Jobs with one pod for each process. */
public final class KubernetesWorkers implements WorkerLauncher, AutoCloseable {
    private final KubernetesClient client;
    private final String namespace;
    private final JobTemplate template;
    private final JobView view;

    /**
     * Begins to watch the Jobs of earlier processes.
     *
     * @param client client of the API server; closed with this launcher
     * @param namespace namespace of the Jobs
     */
    public KubernetesWorkers(KubernetesClient client, String namespace, JobSettings settings) {
        this.client = client;
        this.namespace = namespace;
        this.template = new JobTemplate(settings);
        this.view = new JobView(client, namespace, settings.grace());
    }

    /**
     * Creates the Job of the run's next attempt. Jobs of earlier attempts are deleted; their workers stop, and the new worker
     * waits for the lease of the run.
     */
    @Override
    public WorkerHandle launch(RunDirectory directory, int ranks) {
        String runId = directory.runId();
        view.refresh();
        view.active(runId).forEach(this::stop);
        Job job = template.create(
                runId,
                view.lastAttempt(runId) + 1,
                directory.readSpec(),
                directory.readResolved(),
                ranks,
                WorkerMemory.least(directory));
        Job created = client.resource(job).inNamespace(namespace).create();
        view.add(created);
        return new KubernetesWorker(
                this, directory, Optional.of(created.getMetadata().getName()));
    }

    @Override
    public WorkerHandle find(RunDirectory directory) {
        return new KubernetesWorker(this, directory, Optional.empty());
    }

    @Override
    public Optional<String> moreMemory(RunDirectory directory) {
        return template.settings()
                .maxMemoryBytes()
                .flatMap(limit ->
                        view.last(directory.runId()).flatMap(last -> WorkerMemory.raise(directory, last, limit)));
    }

    @Override
    public boolean isAvailable() {
        return view.isFresh();
    }

    @Override
    public boolean isRemote() {
        return true;
    }

    @Override
    public void close() {
        view.close();
        client.close();
    }

    JobView view() {
        return view;
    }

    /** Deletes a Job after its pod, which has its grace period for a checkpoint. */
    void stop(String job) {
        List<StatusDetails> _ = client.batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withName(job)
                .withPropagationPolicy(DeletionPropagation.FOREGROUND)
                .delete();
    }

    /** Deletes a Job and its pod at once. */
    void kill(String job) {
        stop(job);
        List<StatusDetails> _ = client.pods()
                .inNamespace(namespace)
                .withLabel("batch.kubernetes.io/job-name", job)
                .withGracePeriod(0)
                .delete();
    }

    /** Pods of a Job. */
    List<Pod> pods(String job) {
        return client.pods()
                .inNamespace(namespace)
                .withLabel("batch.kubernetes.io/job-name", job)
                .list()
                .getItems();
    }
}
