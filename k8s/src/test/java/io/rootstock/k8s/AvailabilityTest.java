package io.rootstock.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Scheduling, rolling updates and stable names. */
class AvailabilityTest {
    /** Default of {@code rootstock.inference.drain}, seconds. */
    private static final long DRAIN = 20;

    /** Interval at which gRPC clients resolve names again, seconds. */
    private static final int RESOLUTION = 30;

    @Test
    void theBaseFitsANodeOfTwoProcessorsAndEightGibibytesDuringARollingUpdate() throws IOException {
        // A quarter of the node is for the kubelet, the system and DNS.
        assertThat(requests(Rendered.base(), "cpu")).isLessThanOrEqualTo(new BigDecimal("1.5"));
        assertThat(requests(Rendered.base(), "memory")).isLessThanOrEqualTo(BigDecimal.valueOf(6L << 30));
        assertThat(requests(Rendered.overlay("single-node"), "memory")).isLessThan(requests(Rendered.base(), "memory"));
        for (Workload workload : Rendered.overlay("single-node").workloads()) {
            assertThat(workload.container()
                            .getResources()
                            .getLimits()
                            .get("memory")
                            .getNumericalAmount())
                    .isLessThanOrEqualTo(BigDecimal.valueOf(4L << 30));
        }
    }

    private static BigDecimal requests(Rendered rendered, String resource) {
        BigDecimal sum = BigDecimal.ZERO;
        for (Workload workload : rendered.workloads()) {
            Quantity request = workload.container().getResources().getRequests().get(resource);
            sum = sum.add(request.getNumericalAmount().multiply(BigDecimal.valueOf(workload.pods())));
        }
        return sum;
    }

    @Test
    void statefulSetsNameAHeadlessService() throws IOException {
        for (Rendered rendered : Rendered.everything()) {
            for (StatefulSet set : rendered.all(StatefulSet.class)) {
                Service service = rendered.named(Service.class, set.getSpec().getServiceName());
                assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
                assertThat(service.getSpec().getSelector())
                        .isEqualTo(set.getSpec().getSelector().getMatchLabels());
            }
            // The registry's connection survives a new pod of the trainer.
            assertThat(rendered.named(Service.class, "trainer").getSpec().getClusterIP())
                    .isNull();
        }
    }

    @Test
    void podsGetNoVariablesOfServices() throws IOException {
        for (Rendered rendered : Rendered.everything()) {
            assertThat(rendered.workloads())
                    .allMatch(workload -> Boolean.FALSE.equals(workload.pod().getEnableServiceLinks()));
        }
    }

    @Test
    void podsThatCanBeSeveralAreSpreadOverNodesAndZones() throws IOException {
        for (String service : List.of("registry", "tokenizer", "inference", "evaluator")) {
            Workload workload = Rendered.base().workload(service);
            assertThat(workload.pod().getTopologySpreadConstraints())
                    .extracting(TopologySpreadConstraint::getTopologyKey)
                    .containsExactly("kubernetes.io/hostname", "topology.kubernetes.io/zone");
            for (TopologySpreadConstraint constraint : workload.pod().getTopologySpreadConstraints()) {
                assertThat(constraint.getLabelSelector().getMatchLabels()).isEqualTo(workload.selector());
                assertThat(constraint.getWhenUnsatisfiable()).isEqualTo("ScheduleAnyway");
                assertThat(constraint.getNodeTaintsPolicy()).isEqualTo("Honor");
            }
        }
    }

    @Test
    void oneVoluntaryDisruptionIsAllowedWithAnyNumberOfPods() throws IOException {
        for (Rendered rendered : Rendered.everything()) {
            for (PodDisruptionBudget budget : rendered.all(PodDisruptionBudget.class)) {
                assertThat(budget.getSpec().getMaxUnavailable().getIntVal()).isEqualTo(1);
                assertThat(budget.getSpec().getMinAvailable()).isNull();
            }
        }
    }

    @Test
    void aRollingUpdateOfTheInferenceServiceWaitsForClientsOnBothSides() throws IOException {
        for (Rendered rendered : Rendered.everything()) {
            Deployment inference = rendered.named(Deployment.class, "inference");
            assertThat(inference.getSpec().getMinReadySeconds()).isGreaterThan(RESOLUTION);
            assertThat(inference
                            .getSpec()
                            .getStrategy()
                            .getRollingUpdate()
                            .getMaxUnavailable()
                            .getIntVal())
                    .isZero();
            assertThat(rendered.settings(rendered.workload("inference")))
                    .doesNotContainKey("ROOTSTOCK_INFERENCE_DRAIN");
            long sleep = sleep(rendered, "inference");
            assertThat(sleep).isEqualTo(10);
            assertThat(rendered.workload("inference").pod().getTerminationGracePeriodSeconds())
                    .isGreaterThanOrEqualTo(sleep + DRAIN + 10);
        }
    }

    @Test
    void severalPodsOfEachServiceRunOnDifferentNodes() throws IOException {
        Rendered ha = Rendered.overlay("ha");
        for (String service : List.of("registry", "tokenizer", "inference")) {
            Deployment deployment = ha.named(Deployment.class, service);
            assertThat(deployment.getSpec().getReplicas()).isGreaterThanOrEqualTo(2);
            assertThat(deployment.getSpec().getStrategy().getType()).isEqualTo("RollingUpdate");
            assertThat(deployment
                            .getSpec()
                            .getStrategy()
                            .getRollingUpdate()
                            .getMaxUnavailable()
                            .getIntVal())
                    .isZero();
            assertThat(deployment.getSpec().getMinReadySeconds()).isPositive();
            assertThat(sleep(ha, service)).isPositive();
            assertThat(ha.workload(service).pod().getTopologySpreadConstraints())
                    .extracting(TopologySpreadConstraint::getWhenUnsatisfiable)
                    .containsExactly("DoNotSchedule", "ScheduleAnyway");
        }
        assertThat(ha.named(StatefulSet.class, "evaluator").getSpec().getReplicas())
                .isEqualTo(2);
        // A trainer owns its runs.
        assertThat(ha.named(StatefulSet.class, "trainer").getSpec().getReplicas())
                .isEqualTo(1);
    }

    private static long sleep(Rendered rendered, String service) {
        return rendered.workload(service)
                .container()
                .getLifecycle()
                .getPreStop()
                .getSleep()
                .getSeconds();
    }
}
