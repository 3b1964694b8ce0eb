package io.rootstock.trainer.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Parts of the pod of this service that the pods of workers take over.
 *
 * @param image image of its container; empty outside of a pod
 * @param configMaps ConfigMaps whose entries are variables of the container
 * @param secrets Secrets whose entries are variables of the container
 * @param mounts mounted Secrets by path
 */
public record OwnPod(
        Optional<String> image, List<String> configMaps, List<String> secrets, Map<String, String> mounts) {
    /** Outside of a pod. */
    public static final OwnPod NONE = new OwnPod(Optional.empty(), List.of(), List.of(), Map.of());

    /** Copies the collections. */
    public OwnPod {
        configMaps = List.copyOf(configMaps);
        secrets = List.copyOf(secrets);
        mounts = Map.copyOf(mounts);
    }

    /** Reads the first container of a pod. */
    public static OwnPod of(Pod pod) {
        Container container = pod.getSpec().getContainers().getFirst();
        Map<String, String> secretsByVolume = pod.getSpec().getVolumes().stream()
                .filter(volume -> volume.getSecret() != null)
                .collect(Collectors.toMap(
                        Volume::getName, volume -> volume.getSecret().getSecretName()));
        Map<String, String> mounts = new TreeMap<>();
        for (VolumeMount mount : container.getVolumeMounts()) {
            String secret = secretsByVolume.get(mount.getName());
            if (secret != null) {
                mounts.put(mount.getMountPath(), secret);
            }
        }
        return new OwnPod(
                Optional.of(container.getImage()),
                container.getEnvFrom().stream()
                        .map(EnvFromSource::getConfigMapRef)
                        .filter(Objects::nonNull)
                        .map(reference -> reference.getName())
                        .toList(),
                container.getEnvFrom().stream()
                        .map(EnvFromSource::getSecretRef)
                        .filter(Objects::nonNull)
                        .map(reference -> reference.getName())
                        .toList(),
                mounts);
    }
}
