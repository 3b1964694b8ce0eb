package io.rootstock.trainer.config;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.quarkus.runtime.configuration.MemorySize;
import io.rootstock.trainer.kubernetes.JobSettings;
import io.rootstock.trainer.kubernetes.KubernetesWorkers;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Opens the launcher of Jobs from the settings. */
final class KubernetesLaunch {
    private KubernetesLaunch() {}

    /**
     * Connects with the service account of this pod, or with a kubeconfig file. The image of this pod is used without another.
     *
     * @throws IllegalArgumentException if a setting is missing or invalid; names it
     */
    static KubernetesWorkers open(TrainerSettings.Kubernetes settings) {
        KubernetesClient client = new KubernetesClientBuilder().build();
        try {
            String namespace = settings.namespace()
                    .or(() -> Optional.ofNullable(client.getNamespace()))
                    .orElseThrow(() -> missing("namespace"));
            String image = settings.image().or(() -> image(client, namespace)).orElseThrow(() -> missing("image"));
            return new KubernetesWorkers(client, namespace, jobs(settings, image));
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    /** Image of this pod, whose name is the host's; empty outside of a pod. */
    private static Optional<String> image(KubernetesClient client, String namespace) {
        return Optional.ofNullable(System.getenv("HOSTNAME"))
                .map(name -> client.pods().inNamespace(namespace).withName(name).get())
                .map(pod -> pod.getSpec().getContainers().getFirst().getImage());
    }

    private static IllegalArgumentException missing(String setting) {
        return new IllegalArgumentException("rootstock.trainer.kubernetes." + setting
                + " (ROOTSTOCK_TRAINER_KUBERNETES_" + setting.toUpperCase(Locale.ROOT)
                + ") must be set with rootstock.trainer.launcher=kubernetes outside of a pod");
    }

    private static JobSettings jobs(TrainerSettings.Kubernetes settings, String image) {
        return new JobSettings(
                image,
                settings.serviceAccount(),
                JobSettings.pairs("node-selector", settings.nodeSelector().orElse(List.of())),
                JobSettings.taints(settings.tolerations().orElse(List.of())),
                settings.priorityClass(),
                settings.queue(),
                settings.configMaps().orElse(List.of()),
                settings.secrets().orElse(List.of()),
                JobSettings.pairs("mounts", settings.mounts().orElse(List.of())),
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
