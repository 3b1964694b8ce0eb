package io.rootstock.k8s;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Common properties of a Deployment and a StatefulSet.
 *
 * @param pods pods at the same time, with those of a rolling update
 */
record Workload(
        String name,
        int pods,
        Map<String, String> selector,
        PodTemplateSpec template,
        List<PersistentVolumeClaim> claims) {
    /** The workloads of the base. */
    static List<Workload> all() throws IOException {
        return of(Manifests.all());
    }

    static List<Workload> of(List<HasMetadata> resources) {
        List<Workload> all = new ArrayList<>();
        for (HasMetadata resource : resources) {
            if (resource instanceof Deployment deployment) {
                DeploymentSpec spec = deployment.getSpec();
                boolean recreated = spec.getStrategy() != null
                        && "Recreate".equals(spec.getStrategy().getType());
                all.add(new Workload(
                        deployment.getMetadata().getName(),
                        // An autoscaler sets the number of pods of a Deployment without one.
                        Objects.requireNonNullElse(spec.getReplicas(), 1) + (recreated ? 0 : 1),
                        spec.getSelector().getMatchLabels(),
                        spec.getTemplate(),
                        List.of()));
            } else if (resource instanceof StatefulSet set) {
                all.add(new Workload(
                        set.getMetadata().getName(),
                        set.getSpec().getReplicas(),
                        set.getSpec().getSelector().getMatchLabels(),
                        set.getSpec().getTemplate(),
                        set.getSpec().getVolumeClaimTemplates()));
            }
        }
        return all;
    }

    PodSpec pod() {
        return template.getSpec();
    }

    Container container() {
        return pod().getContainers().getFirst();
    }
}
