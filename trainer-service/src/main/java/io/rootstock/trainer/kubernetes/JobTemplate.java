package io.rootstock.trainer.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvFromSourceBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunSpec;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Creates the Job of an attempt; equal arguments give equal Jobs. The pod meets the security level {@code restricted}, its root
 * file system is read-only, and its home is an {@code emptyDir}: all state that a later attempt needs is in the artifact store.
 *
 * @param settings settings of all Jobs
 */
record JobTemplate(JobSettings settings) {
    /** Value of the label {@code app.kubernetes.io/name} of the pods, which network policies select. */
    static final String NAME = "run-worker";

    static final String CONTAINER = "worker";

    /** Headless service of the pods of several ranks, which gives them stable names. */
    static final String SERVICE = "run-worker";

    private static final String INDEX = "batch.kubernetes.io/job-completion-index";

    private static final String APPLICATION = "/opt/rootstock/";
    private static final String AGENT = "io.rootstock.trainer.pod.RunAgent";
    private static final String HOME = "/var/lib/rootstock";
    private static final long USER = 10001;
    private static final int READ_BY_GROUP = 0440;
    /** Memory of the agent and of the worker's JVM, which the estimate of a run does not include. */
    private static final long OVERHEAD_BYTES = 512L << 20;
    /** Measured peaks exceed estimates by at most 15 %; the files that are being read are in memory as well. */
    private static final double MARGIN = 1.25;

    private static final long TEMPORARY_BYTES = 2L << 30;
    private static final long MEBIBYTE = 1L << 20;
    private static final Duration REPORTS = Duration.ofSeconds(30);
    private static final String EPHEMERAL = "ephemeral-storage";
    private static final String MEMORY = "memory";
    private static final String CPU = "cpu";

    /**
     * Returns the Job of an attempt: one pod, or an Indexed Job with a pod for each rank.
     *
     * @param resolved settings of the run; empty before its first worker has resolved them
     * @param ranks number of processes
     * @param leastMemory least memory of a pod in bytes
     */
    Job create(String runId, int attempt, RunSpec spec, Optional<RunResolved> resolved, int ranks, long leastMemory) {
        Map<String, String> labels = new TreeMap<>(JobNames.MANAGED);
        labels.put("app.kubernetes.io/name", NAME);
        labels.put(JobNames.RUN, JobNames.label(runId));
        labels.put(JobNames.ATTEMPT, Integer.toString(attempt));
        if (ranks > 1) {
            labels.put(JobNames.RANKS, Integer.toString(ranks));
        }
        Map<String, String> jobLabels = new TreeMap<>(labels);
        settings.queue().ifPresent(queue -> jobLabels.put("kueue.x-k8s.io/queue-name", queue));
        return new JobBuilder()
                .withNewMetadata()
                .withName(JobNames.job(runId, attempt))
                .withLabels(jobLabels)
                .addToAnnotations(JobNames.RUN_ID, runId)
                .endMetadata()
                .withNewSpec()
                .withBackoffLimit(0)
                .withCompletions(ranks)
                .withParallelism(ranks)
                .withCompletionMode(ranks > 1 ? "Indexed" : null)
                .withSuspend(settings.queue().isPresent() ? Boolean.TRUE : null)
                .withTtlSecondsAfterFinished(Math.toIntExact(settings.ttl().toSeconds()))
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(labels)
                .addToAnnotations(JobNames.RUN_ID, runId)
                .endMetadata()
                .withSpec(pod(runId, attempt, resources(spec, resolved, ranks, leastMemory), ranks))
                .endTemplate()
                .endSpec()
                .build();
    }

    private PodSpec pod(String runId, int attempt, ResourceRequirements resources, int ranks) {
        return new PodSpecBuilder()
                .withRestartPolicy("Never")
                .withSubdomain(ranks > 1 ? SERVICE : null)
                .withTopologySpreadConstraints(ranks > 1 ? List.of(spread(runId, attempt)) : List.of())
                .withServiceAccountName(settings.serviceAccount())
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(
                        settings.grace().plus(REPORTS).toSeconds())
                .withNodeSelector(settings.nodeSelector().isEmpty() ? null : settings.nodeSelector())
                .withTolerations(tolerations())
                .withPriorityClassName(settings.priorityClass().orElse(null))
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(USER)
                .withRunAsGroup(USER)
                .withFsGroup(USER)
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withContainers(container(variables(runId, attempt, ranks), resources))
                .withVolumes(volumes())
                .build();
    }

    /** Spreads the pods of an attempt over the nodes: each then has the network of its node. */
    private static TopologySpreadConstraint spread(String runId, int attempt) {
        return new TopologySpreadConstraintBuilder()
                .withMaxSkew(1)
                .withTopologyKey("kubernetes.io/hostname")
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withNewLabelSelector()
                .addToMatchLabels(JobNames.RUN, JobNames.label(runId))
                .addToMatchLabels(JobNames.ATTEMPT, Integer.toString(attempt))
                .endLabelSelector()
                .build();
    }

    private Container container(List<EnvVar> variables, ResourceRequirements resources) {
        return new ContainerBuilder()
                .withName(CONTAINER)
                .withImage(settings.image())
                .withCommand(
                        "java",
                        "-Xmx192m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-cp",
                        APPLICATION + "quarkus-run.jar:" + APPLICATION + "app/*:" + APPLICATION + "lib/boot/*:"
                                + APPLICATION + "lib/main/*",
                        AGENT)
                .withEnv(variables)
                .withEnvFrom(sources())
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .withResources(resources)
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .withVolumeMounts(mounts())
                .build();
    }

    private List<EnvVar> variables(String runId, int attempt, int ranks) {
        List<EnvVar> variables = new ArrayList<>(List.of(
                variable("ROOTSTOCK_HOME", HOME),
                variable("ROOTSTOCK_RUN_ID", runId),
                field("ROOTSTOCK_RUN_HOLDER", "metadata.name"),
                variable("ROOTSTOCK_RUN_HANG", settings.hang().toString()),
                variable("ROOTSTOCK_RUN_GRACE", settings.grace().toString())));
        if (ranks > 1) {
            variables.add(variable("ROOTSTOCK_RUN_RANKS", Integer.toString(ranks)));
            variables.add(field("ROOTSTOCK_RUN_RANK", "metadata.annotations['" + INDEX + "']"));
            variables.add(variable("ROOTSTOCK_RUN_ATTEMPT", JobNames.job(runId, attempt)));
            variables.add(field("ROOTSTOCK_RUN_ADDRESS", "status.podIP"));
        }
        return variables;
    }

    private static EnvVar field(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef()
                .withFieldPath(path)
                .endFieldRef()
                .endValueFrom()
                .build();
    }

    private static EnvVar variable(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private List<EnvFromSource> sources() {
        List<EnvFromSource> sources = new ArrayList<>();
        for (String name : settings.configMaps()) {
            sources.add(
                    new EnvFromSourceBuilder().withNewConfigMapRef(name, false).build());
        }
        for (String name : settings.secrets()) {
            sources.add(new EnvFromSourceBuilder().withNewSecretRef(name, false).build());
        }
        return sources;
    }

    /** Memory is requested in full, because a worker uses most of it all the time; CPUs too, because it computes all the time. */
    private ResourceRequirements resources(RunSpec spec, Optional<RunResolved> resolved, int ranks, long leastMemory) {
        int threads = resolved.map(RunResolved::getHyperparameters)
                .orElse(spec.getHyperparameters())
                .getThreads();
        Quantity cpu = new Quantity(
                threads > 0
                        ? Integer.toString(threads)
                        : BigDecimal.valueOf(settings.cpu())
                                .stripTrailingZeros()
                                .toPlainString());
        long estimate = resolved.map(run -> estimateOfRank(run, ranks)).orElse(0L);
        long need = Math.round(MARGIN * estimate) + OVERHEAD_BYTES;
        Quantity memory = mebibytes(Math.max(Math.max(settings.memoryBytes(), leastMemory), estimate == 0 ? 0 : need));
        ResourceRequirementsBuilder resources = new ResourceRequirementsBuilder()
                .addToRequests(CPU, cpu)
                .addToRequests(MEMORY, memory)
                .addToRequests(EPHEMERAL, mebibytes(1L << 30))
                .addToLimits(CPU, cpu)
                .addToLimits(MEMORY, memory)
                .addToLimits(EPHEMERAL, mebibytes(settings.diskBytes() + TEMPORARY_BYTES));
        settings.gpu().ifPresent(gpu -> resources.addToLimits(gpu, new Quantity("1")));
        return resources.build();
    }

    /** The estimate is the sum over the planned ranks; it is an upper bound of one rank among another number of ranks. */
    private static long estimateOfRank(RunResolved run, int ranks) {
        long all = run.getEstimate().getMemoryBytes();
        return run.getHyperparameters().getRanks() == ranks ? Math.ceilDiv(all, ranks) : all;
    }

    private static Quantity mebibytes(long bytes) {
        return new Quantity(Math.ceilDiv(bytes, MEBIBYTE) + "Mi");
    }

    private List<Toleration> tolerations() {
        List<Toleration> tolerations = new ArrayList<>();
        for (String taint : List.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")) {
            tolerations.add(new TolerationBuilder()
                    .withKey(taint)
                    .withOperator("Exists")
                    .withEffect("NoExecute")
                    .withTolerationSeconds(settings.lostNode().toSeconds())
                    .build());
        }
        for (JobSettings.Taint taint : settings.tolerations()) {
            boolean everyValue = taint.value().isEmpty();
            tolerations.add(new TolerationBuilder()
                    .withKey(taint.key())
                    .withOperator(everyValue ? "Exists" : "Equal")
                    .withValue(everyValue ? null : taint.value())
                    .withEffect(taint.effect().isEmpty() ? null : taint.effect())
                    .build());
        }
        return tolerations;
    }

    private List<VolumeMount> mounts() {
        List<VolumeMount> mounts = new ArrayList<>();
        mounts.add(mount("home", HOME, false));
        mounts.add(mount("temporary", "/tmp", false));
        new TreeMap<>(settings.mounts()).forEach((path, secret) -> mounts.add(mount(secret, path, true)));
        return mounts;
    }

    private static VolumeMount mount(String volume, String path, boolean readOnly) {
        return new VolumeMountBuilder()
                .withName(volume)
                .withMountPath(path)
                .withReadOnly(readOnly ? Boolean.TRUE : null)
                .build();
    }

    private List<Volume> volumes() {
        List<Volume> volumes = new ArrayList<>();
        volumes.add(directory("home", settings.diskBytes()));
        volumes.add(directory("temporary", TEMPORARY_BYTES));
        settings.mounts().values().stream()
                .distinct()
                .sorted()
                .forEach(secret -> volumes.add(new VolumeBuilder()
                        .withName(secret)
                        .withNewSecret()
                        .withSecretName(secret)
                        .withDefaultMode(READ_BY_GROUP)
                        .endSecret()
                        .build()));
        return volumes;
    }

    private static Volume directory(String name, long bytes) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .withSizeLimit(mebibytes(bytes))
                .endEmptyDir()
                .build();
    }
}
