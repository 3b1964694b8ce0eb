package io.rootstock.trainer.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.rootstock.trainer.v1.Estimate;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobTemplateTest {
    private static final long GIBIBYTE = 1L << 30;
    private static final JobSettings SETTINGS = new JobSettings(
            "registry.example.com/trainer:1",
            "run",
            Map.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            List.of("common", "s3"),
            List.of("rootstock-s3"),
            Map.of("/etc/rootstock/token", "rootstock-token"),
            1.5,
            2 * GIBIBYTE,
            Optional.of(6 * GIBIBYTE),
            20 * GIBIBYTE,
            Optional.empty(),
            Duration.ofSeconds(10),
            Duration.ofHours(1),
            Duration.ofMinutes(2),
            Duration.ofMinutes(15));

    @Test
    void anAttemptIsAJobOfOnePodThatIsNotRepeated() {
        Job job = create("pretrain-abc", 3, SETTINGS, Optional.empty());
        assertThat(job.getMetadata().getName()).isEqualTo("run-pretrain-abc-3");
        assertThat(job.getMetadata().getLabels())
                .containsEntry("rootstock.io/run", "pretrain-abc")
                .containsEntry("rootstock.io/attempt", "3")
                .containsEntry("app.kubernetes.io/managed-by", "rootstock-trainer");
        assertThat(job.getSpec().getTemplate().getMetadata().getLabels())
                .containsEntry("app.kubernetes.io/name", "run-worker")
                .containsEntry("rootstock.io/run", "pretrain-abc");
        assertThat(job.getSpec().getBackoffLimit()).isZero();
        assertThat(job.getSpec().getParallelism()).isEqualTo(1);
        assertThat(job.getSpec().getSuspend()).isNull();
        assertThat(job.getSpec().getTtlSecondsAfterFinished()).isEqualTo(3600);
        PodSpec pod = pod(job);
        assertThat(pod.getRestartPolicy()).isEqualTo("Never");
        assertThat(pod.getServiceAccountName()).isEqualTo("run");
        assertThat(pod.getTerminationGracePeriodSeconds()).isEqualTo(150);
        assertThat(JobNames.attempt(job)).isEqualTo(3);
        assertThat(create("pretrain-abc", 3, SETTINGS, Optional.empty())).isEqualTo(job);
    }

    @Test
    void thePodMeetsTheRestrictedSecurityLevelAndHasNoToken() {
        PodSpec pod = pod(create("one", 1, SETTINGS, Optional.empty()));
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getEnableServiceLinks()).isFalse();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        Container container = pod.getContainers().getFirst();
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getTerminationMessagePolicy()).isEqualTo("FallbackToLogsOnError");
        assertThat(container.getVolumeMounts())
                .extracting(VolumeMount::getMountPath)
                .containsExactly("/var/lib/rootstock", "/tmp", "/etc/rootstock/token");
        assertThat(pod.getVolumes())
                .extracting(Volume::getName)
                .containsExactly("home", "temporary", "rootstock-token");
        assertThat(pod.getVolumes().getFirst().getEmptyDir().getSizeLimit()).isEqualTo(new Quantity("20480Mi"));
    }

    @Test
    void theAgentLearnsItsRunAndTheInstallation() {
        Container container = pod(create("one", 1, SETTINGS, Optional.empty()))
                .getContainers()
                .getFirst();
        assertThat(container.getImage()).isEqualTo("registry.example.com/trainer:1");
        assertThat(container.getCommand()).startsWith("java").endsWith("io.rootstock.trainer.pod.RunAgent");
        assertThat(container.getEnv())
                .extracting(EnvVar::getName, EnvVar::getValue)
                .containsExactly(
                        tuple("ROOTSTOCK_HOME", "/var/lib/rootstock"),
                        tuple("ROOTSTOCK_RUN_ID", "one"),
                        tuple("ROOTSTOCK_RUN_HOLDER", null),
                        tuple("ROOTSTOCK_RUN_HANG", "PT15M"),
                        tuple("ROOTSTOCK_RUN_GRACE", "PT2M"));
        assertThat(container.getEnvFrom())
                .filteredOn(source -> source.getConfigMapRef() != null)
                .extracting(source -> source.getConfigMapRef().getName())
                .containsExactly("common", "s3");
        assertThat(container.getEnvFrom())
                .filteredOn(source -> source.getSecretRef() != null)
                .extracting(source -> source.getSecretRef().getName())
                .containsExactly("rootstock-s3");
    }

    @Test
    void resourcesFollowTheThreadsAndTheEstimateOfTheRun() {
        assertThat(limits(create("one", 1, SETTINGS, Optional.empty())))
                .containsEntry("cpu", new Quantity("1.5"))
                .containsEntry("memory", new Quantity("2048Mi"))
                .containsEntry("ephemeral-storage", new Quantity("22528Mi"))
                .doesNotContainKey("nvidia.com/gpu");
        RunResolved resolved = RunResolved.newBuilder()
                .setHyperparameters(Hyperparameters.newBuilder().setThreads(6))
                .setEstimate(Estimate.newBuilder().setMemoryBytes(8 * GIBIBYTE))
                .build();
        Job job = create("one", 2, SETTINGS, Optional.of(resolved));
        assertThat(limits(job))
                .containsEntry("cpu", new Quantity("6"))
                .containsEntry("memory", new Quantity(10 * 1024 + 512 + "Mi"));
        assertThat(pod(job).getContainers().getFirst().getResources().getRequests())
                .containsEntry("memory", new Quantity(10 * 1024 + 512 + "Mi"));
    }

    @Test
    void severalRanksAreOneIndexedJobWithStableNamesSpreadOverTheNodes() {
        Job job = new JobTemplate(SETTINGS)
                .create("pretrain-abc", 2, RunSpec.getDefaultInstance(), Optional.empty(), 4, 0);
        assertThat(job.getSpec().getCompletionMode()).isEqualTo("Indexed");
        assertThat(job.getSpec().getCompletions()).isEqualTo(4);
        assertThat(job.getSpec().getParallelism()).isEqualTo(4);
        assertThat(job.getSpec().getBackoffLimit())
                .as("the loss of one pod ends the attempt")
                .isZero();
        assertThat(job.getSpec().getTemplate().getMetadata().getLabels()).containsEntry("rootstock.io/ranks", "4");
        PodSpec pod = pod(job);
        assertThat(pod.getSubdomain()).isEqualTo("run-worker");
        assertThat(pod.getTopologySpreadConstraints()).singleElement().satisfies(spread -> {
            assertThat(spread.getTopologyKey()).isEqualTo("kubernetes.io/hostname");
            assertThat(spread.getLabelSelector().getMatchLabels())
                    .isEqualTo(Map.of("rootstock.io/run", "pretrain-abc", "rootstock.io/attempt", "2"));
        });
        assertThat(pod.getContainers().getFirst().getEnv())
                .extracting(
                        EnvVar::getName,
                        EnvVar::getValue,
                        variable -> Optional.ofNullable(variable.getValueFrom())
                                .map(source -> source.getFieldRef().getFieldPath())
                                .orElse(null))
                .contains(
                        tuple("ROOTSTOCK_RUN_RANKS", "4", null),
                        tuple(
                                "ROOTSTOCK_RUN_RANK",
                                null,
                                "metadata.annotations['batch.kubernetes.io/job-completion-index']"),
                        tuple("ROOTSTOCK_RUN_ATTEMPT", "run-pretrain-abc-2", null),
                        tuple("ROOTSTOCK_RUN_ADDRESS", null, "status.podIP"));
        assertThat(create("pretrain-abc", 2, SETTINGS, Optional.empty())
                        .getSpec()
                        .getCompletionMode())
                .isNull();
    }

    @Test
    void theEstimateIsDividedAmongTheRanksWithWhichTheRunWasPlanned() {
        RunResolved resolved = RunResolved.newBuilder()
                .setHyperparameters(Hyperparameters.newBuilder().setThreads(6).setRanks(4))
                .setEstimate(Estimate.newBuilder().setMemoryBytes(32 * GIBIBYTE))
                .build();
        assertThat(limits(create("one", 2, SETTINGS, Optional.of(resolved))))
                .containsEntry("memory", new Quantity(40 * 1024 + 512 + "Mi"));
        assertThat(limits(new JobTemplate(SETTINGS)
                        .create("one", 2, RunSpec.getDefaultInstance(), Optional.of(resolved), 4, 0)))
                .containsEntry("memory", new Quantity(10 * 1024 + 512 + "Mi"));
    }

    @Test
    void nodesQueueAndDeviceAreThoseOfTheSettings() {
        JobSettings settings = new JobSettings(
                SETTINGS.image(),
                SETTINGS.serviceAccount(),
                JobSettings.pairs("node-selector", List.of("pool=gpu", "zone=a")),
                JobSettings.taints(List.of("nvidia.com/gpu:NoSchedule", "team=research")),
                Optional.of("training"),
                Optional.of("gpus"),
                List.of(),
                List.of(),
                Map.of(),
                1,
                GIBIBYTE,
                Optional.empty(),
                GIBIBYTE,
                Optional.of("nvidia.com/gpu"),
                Duration.ofSeconds(5),
                Duration.ofMinutes(1),
                Duration.ofMinutes(1),
                Duration.ofMinutes(1));
        Job job = create("one", 1, settings, Optional.empty());
        assertThat(job.getSpec().getSuspend()).isTrue();
        assertThat(job.getMetadata().getLabels()).containsEntry("kueue.x-k8s.io/queue-name", "gpus");
        PodSpec pod = pod(job);
        assertThat(pod.getNodeSelector()).isEqualTo(Map.of("pool", "gpu", "zone", "a"));
        assertThat(pod.getPriorityClassName()).isEqualTo("training");
        assertThat(pod.getTolerations())
                .extracting(Toleration::getKey, Toleration::getOperator, Toleration::getValue, Toleration::getEffect)
                .containsExactly(
                        tuple("node.kubernetes.io/not-ready", "Exists", null, "NoExecute"),
                        tuple("node.kubernetes.io/unreachable", "Exists", null, "NoExecute"),
                        tuple("nvidia.com/gpu", "Exists", null, "NoSchedule"),
                        tuple("team", "Equal", "research", null));
        assertThat(pod.getTolerations().getFirst().getTolerationSeconds()).isEqualTo(5);
        assertThat(limits(job)).containsEntry("nvidia.com/gpu", new Quantity("1"));
    }

    @Test
    void idsThatAreNotValidNamesAreReplacedByADigest() {
        String id = "Run-OF-" + "x".repeat(50);
        Job job = create(id, 1, SETTINGS, Optional.empty());
        assertThat(job.getMetadata().getName()).matches("run-[0-9a-f]{32}-1");
        assertThat(job.getMetadata().getAnnotations()).containsEntry("rootstock.io/run-id", id);
        assertThat(JobNames.label("ends-with-")).matches("[0-9a-f]{32}");
        assertThat(JobNames.label(id)).isNotEqualTo(JobNames.label(id + "y"));
    }

    @Test
    void invalidSettingsAreNamed() {
        assertThatThrownBy(() -> JobSettings.pairs("node-selector", List.of("pool")))
                .hasMessage("rootstock.trainer.kubernetes.node-selector must be a list of NAME=VALUE, was pool");
        assertThatThrownBy(() -> JobSettings.taints(List.of("gpu:Never")))
                .hasMessageContaining("KEY[=VALUE][:EFFECT]")
                .hasMessageContaining("gpu:Never");
    }

    @Test
    void aJobThatCanOnlyFailHasEnded() {
        assertThat(JobView.hasEnded(new Job())).isFalse();
        assertThat(JobView.hasEnded(withCondition("Suspended", "True"))).isFalse();
        assertThat(JobView.hasEnded(withCondition("FailureTarget", "False"))).isFalse();
        assertThat(JobView.hasEnded(withCondition("FailureTarget", "True"))).isTrue();
        assertThat(JobView.hasEnded(withCondition("Complete", "True"))).isTrue();
    }

    private static Job withCondition(String type, String status) {
        return new JobBuilder()
                .withNewStatus()
                .addNewCondition()
                .withType(type)
                .withStatus(status)
                .endCondition()
                .endStatus()
                .build();
    }

    private static Job create(String runId, int attempt, JobSettings settings, Optional<RunResolved> resolved) {
        return new JobTemplate(settings).create(runId, attempt, RunSpec.getDefaultInstance(), resolved, 1, 0);
    }

    private static PodSpec pod(Job job) {
        return job.getSpec().getTemplate().getSpec();
    }

    private static Map<String, Quantity> limits(Job job) {
        return pod(job).getContainers().getFirst().getResources().getLimits();
    }
}
