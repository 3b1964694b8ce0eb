package io.rootstock.trainer.config;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.quarkus.runtime.configuration.MemorySize;
import io.rootstock.trainer.kubernetes.JobSettings;
import io.rootstock.trainer.kubernetes.KubernetesWorkers;
import io.rootstock.trainer.kubernetes.OwnPod;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Opens the launcher of Jobs from the settings. */
final class KubernetesLaunch {
    private KubernetesLaunch() {}

    /**
     * Connects with the service account of this pod, or with a kubeconfig file. What is not set is taken from this pod.
     *
     * @throws IllegalArgumentException if a setting is missing or invalid; names it
     */
    static KubernetesWorkers open(TrainerSettings.Kubernetes settings) {
        KubernetesClient client = new KubernetesClientBuilder().build();
        try {
            String namespace = settings.namespace()
                    .or(() -> Optional.ofNullable(client.getNamespace()))
                    .orElseThrow(() -> missing("namespace"));
            return new KubernetesWorkers(client, namespace, jobs(settings, ownPod(client, namespace)));
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    /** This pod, whose name is the host's. */
    private static OwnPod ownPod(KubernetesClient client, String namespace) {
        return Optional.ofNullable(System.getenv("HOSTNAME"))
                .map(name -> client.pods().inNamespace(namespace).withName(name).get())
                .map(OwnPod::of)
                .orElse(OwnPod.NONE);
    }

    private static IllegalArgumentException missing(String setting) {
        return new IllegalArgumentException("rootstock.trainer.kubernetes." + setting
                + " (ROOTSTOCK_TRAINER_KUBERNETES_" + setting.toUpperCase(Locale.ROOT)
                + ") must be set with rootstock.trainer.launcher=kubernetes outside of a pod");
    }

    private static JobSettings jobs(TrainerSettings.Kubernetes settings, OwnPod own) {
        return new JobSettings(
                settings.image().or(own::image).orElseThrow(() -> missing("image")),
                settings.serviceAccount(),
                JobSettings.pairs("node-selector", settings.nodeSelector().orElse(List.of())),
                JobSettings.taints(settings.tolerations().orElse(List.of())),
                settings.priorityClass(),
                settings.queue(),
                settings.configMaps().orElse(own.configMaps()),
                settings.secrets().orElse(own.secrets()),
                settings.mounts()
                        .map(mounts -> JobSettings.pairs("mounts", mounts))
                        .orElse(own.mounts()),
                settings.cpu(),
                settings.memory().asLongValue(),
                settings.maxMemory().map(MemorySize::asLongValue),
                settings.disk().asLongValue(),
                settings.gpu(),
                settings.lostNode(),
                settings.ttl(),
                settings.grace(),
                settings.hang());
    }
}
