package io.rootstock.trainer.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings of the trainer, also set by environment variables such as {@code ROOTSTOCK_TRAINER_CONCURRENT_RUNS}. */
@ConfigMapping(prefix = "rootstock.trainer")
public interface TrainerSettings {
    /** Folder of the runs and of the measurements of this machine. */
    @WithDefault("${rootstock.home}/trainer")
    Path directory();

    /** Address of this service, read by its callers; unused here. */
    Optional<String> endpoint();

    /** Maximum number of runs that train at the same time; others wait in the queue. */
    @WithDefault("1")
    int concurrentRuns();

    /** Maximum number of waiting runs; further starts are rejected with RESOURCE_EXHAUSTED. */
    @WithDefault("1000")
    int queueCapacity();

    /** Restarts of a worker that fails repeatedly without a new checkpoint, before the run enters NEEDS_RECOVERY. */
    @WithDefault("3")
    int restarts();

    /**
     * Pause before the second of these restarts, doubled for each further one up to five minutes; the first is at once. A run
     * that ran out of memory starts again at once with other settings, and one whose data or settings are invalid does not.
     */
    @WithDefault("10s")
    Duration restartPause();

    /**
     * Nice value of training, 0 to 19: at 19 a model that is served on the same machine keeps most of its speed, at 0
     * both share the CPUs equally.
     */
    @WithDefault("19")
    int nice();

    /**
     * GGUF files that runs and imports store besides the Hugging Face directory: F32, F16, Q8_0, Q4_K_M. Others are made
     * on demand ({@code rootstock models quantize}).
     */
    @WithDefault("Q8_0")
    List<String> quantizations();

    /** Maximum Java heap of a worker; tensors are outside the heap. */
    @WithDefault("512m")
    String workerHeap();

    /**
     * Starts the processes of a run with several ranks: MPICH's Hydra and its arguments, such as
     * {@code mpiexec.hydra -hosts one,two}; the hosts share the runs' folder, the artifacts and this installation.
     */
    @WithDefault("mpiexec.hydra")
    String mpiLauncher();

    /** Additional arguments of a worker's JVM. */
    Optional<List<String>> jvmArguments();

    /**
     * Place of the workers: {@code process}: processes on the machine of this service; {@code kubernetes}: Jobs with one pod for
     * each process, which continue while this service restarts.
     */
    @WithDefault("process")
    Launcher launcher();

    /** Workers as Jobs, with {@code rootstock.trainer.launcher=kubernetes}. */
    Kubernetes kubernetes();

    /** Places where workers run. */
    enum Launcher {
        /** Processes on the machine of this service. */
        PROCESS,
        /** Jobs of Kubernetes. */
        KUBERNETES
    }

    /** Workers as Jobs. */
    interface Kubernetes {
        /** Image of the trainer service, with which the pods run. Not set: the image of this service's pod. */
        Optional<String> image();

        /** Namespace of the Jobs. Not set: the namespace of this service's pod. */
        Optional<String> namespace();

        /** Service account of the pods, which receive no token of it. */
        @WithDefault("default")
        String serviceAccount();

        /** Labels that a node must have, {@code NAME=VALUE}. */
        Optional<List<String>> nodeSelector();

        /** Taints that the pods tolerate, {@code KEY[=VALUE][:EFFECT]}. */
        Optional<List<String>> tolerations();

        /** Priority class of the pods. Not set: the cluster's default. */
        Optional<String> priorityClass();

        /** Local queue of Kueue, which starts the Jobs. Not set: Jobs start at once. */
        Optional<String> queue();

        /** ConfigMaps whose entries are environment variables of the pods. Not set: those of this service's pod. */
        Optional<List<String>> configMaps();

        /** Secrets whose entries are environment variables of the pods. Not set: those of this service's pod. */
        Optional<List<String>> secrets();

        /** Secrets that are mounted in the pods, {@code PATH=SECRET}. Not set: those of this service's pod. */
        Optional<List<String>> mounts();

        /** CPUs of each process of a worker whose number of threads is not known; the run then has as many threads. */
        @WithDefault("2")
        double cpu();

        /** Least memory of each process of a worker; more if the estimate of its run is larger. */
        @WithDefault("4G")
        MemorySize memory();

        /**
         * Maximum memory of a worker: after a kill for lack of memory, the next attempt of its run gets twice as much, up to this.
         * Not set: the next attempt has settings that need less memory.
         */
        Optional<MemorySize> maxMemory();

        /** Maximum size of a worker's files: base, checkpoints, export, and native libraries. */
        @WithDefault("30G")
        MemorySize disk();

        /** Resource of which each process of a worker gets one, such as {@code nvidia.com/gpu}. Not set: workers train on CPUs. */
        Optional<String> gpu();

        /** Time after which a pod on a node that does not answer is replaced. */
        @WithDefault("10s")
        Duration lostNode();

        /** Time for which an ended Job is kept. */
        @WithDefault("1h")
        Duration ttl();

        /** Time for the last checkpoint of a worker that is stopped. */
        @WithDefault("2m")
        Duration grace();

        /** Time without an event after which a worker is ended and started again. */
        @WithDefault("15m")
        Duration hang();
    }

    /** Device price table that replaces the built-in one, in the same format. */
    Optional<Path> deviceTable();
}
