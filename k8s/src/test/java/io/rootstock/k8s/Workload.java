package io.rootstock.k8s;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Common properties of a Deployment and a StatefulSet. */
record Workload(
        String name, Map<String, String> selector, PodTemplateSpec template, List<PersistentVolumeClaim> claims) {
    static List<Workload> all() throws IOException {
        List<Workload> all = new ArrayList<>();
        for (Deployment deployment : Manifests.all(Deployment.class)) {
            all.add(new Workload(
                    deployment.getMetadata().getName(),
                    deployment.getSpec().getSelector().getMatchLabels(),
                    deployment.getSpec().getTemplate(),
                    List.of()));
        }
        for (StatefulSet set : Manifests.all(StatefulSet.class)) {
            all.add(new Workload(
                    set.getMetadata().getName(),
                    set.getSpec().getSelector().getMatchLabels(),
                    set.getSpec().getTemplate(),
                    set.getSpec().getVolumeClaimTemplates()));
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
