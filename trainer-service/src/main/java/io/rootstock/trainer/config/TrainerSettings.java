package io.rootstock.trainer.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Settings of the trainer; {@code ROOTSTOCK_TRAINER_CONCURRENT_RUNS} and the like set them from the environment. */
@ConfigMapping(prefix = "rootstock.trainer")
public interface TrainerSettings {
    /** Folder of the runs and of what is known about this machine. */
    @WithDefault("${rootstock.home}/trainer")
    Path directory();

    /** Address of this service, read by its callers; unused here. */
    Optional<String> endpoint();

    /** Runs that train at the same time; more wait in the queue. */
    @WithDefault("1")
    int concurrentRuns();

    /** Runs that may wait; a start beyond it is refused with RESOURCE_EXHAUSTED. */
    @WithDefault("1000")
    int queueCapacity();

    /** Restarts of a worker that dies again without a new checkpoint, before the run needs recovery. */
    @WithDefault("3")
    int restarts();

    /** Largest Java heap of a worker; tensors lie outside it. */
    @WithDefault("512m")
    String workerHeap();

    /**
     * Starts the processes of a run with several ranks: MPICH's Hydra and its arguments, such as
     * {@code mpiexec.hydra -hosts one,two}; the hosts share the runs' folder, the artifacts and this installation.
     */
    @WithDefault("mpiexec.hydra")
    String mpiLauncher();

    /** Further arguments of a worker's JVM. */
    Optional<List<String>> jvmArguments();

    /** Device price table in place of the shipped one, in the same form. */
    Optional<Path> deviceTable();
}
