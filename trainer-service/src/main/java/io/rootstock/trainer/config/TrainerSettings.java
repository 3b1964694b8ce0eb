package io.rootstock.trainer.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
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

    /** Device price table that replaces the built-in one, in the same format. */
    Optional<Path> deviceTable();
}
