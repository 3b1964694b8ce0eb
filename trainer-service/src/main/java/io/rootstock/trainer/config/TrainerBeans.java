package io.rootstock.trainer.config;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.collectives.MpiLauncher;
import io.rootstock.sandbox.SandboxMode;
import io.rootstock.service.CommonSettings;
import io.rootstock.trainer.estimate.Calibration;
import io.rootstock.trainer.estimate.DeviceTable;
import io.rootstock.trainer.imports.ModelImports;
import io.rootstock.trainer.process.ContainerMemory;
import io.rootstock.trainer.process.ProcessPriority;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import io.rootstock.trainer.run.ProcessWorkers;
import io.rootstock.trainer.run.Restarts;
import io.rootstock.trainer.run.Runs;
import io.rootstock.trainer.run.WorkerLauncher;
import io.rootstock.trainer.v1.GgufFile;
import io.rootstock.trainer.v1.RunWorkerProcess;
import io.rootstock.trainer.worker.Worker;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Creates the trainer's beans. Runs are restored at startup, before the first request. */
@ApplicationScoped
public class TrainerBeans {
    private static final Logger LOG = Logger.getLogger(TrainerBeans.class);

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);

    /** Settings of the workers' processes that do not depend on directories. */
    @Produces
    @Singleton
    RunWorkerProcess process(CommonSettings common, TrainerSettings settings) {
        if (settings.nice() < 0 || settings.nice() > ProcessPriority.MAX_NICE) {
            throw new IllegalArgumentException("rootstock.trainer.nice (ROOTSTOCK_TRAINER_NICE) must be from 0 to "
                    + ProcessPriority.MAX_NICE + ", was " + settings.nice());
        }
        RunWorkerProcess.Builder process = RunWorkerProcess.newBuilder()
                .setHeap(settings.workerHeap())
                .addAllArguments(settings.jvmArguments().orElse(List.of()))
                .addArguments("-D" + ProcessPriority.NICE + "=" + settings.nice())
                .addArguments("-D" + SandboxMode.PROPERTY + "="
                        + SandboxMode.of(common.sandbox()).word())
                .addArguments("-D" + Worker.QUANTIZATIONS + "="
                        + quantizations(settings).stream().map(GgufFile::name).collect(Collectors.joining(",")));
        settings.deviceTable().ifPresent(file -> process.setDeviceTable(read(file)));
        return process.build();
    }

    @Produces
    @Singleton
    JavaWorkerLauncher launcher(CommonSettings common, TrainerSettings settings, RunWorkerProcess process) {
        List<String> arguments = new ArrayList<>(process.getArgumentsList());
        arguments.add("-D" + Worker.CALIBRATION + "=" + absolute(settings.directory()));
        common.artifacts().url().ifPresent(url -> arguments.add("-D" + Worker.ARTIFACTS_URL + "=" + url));
        settings.deviceTable()
                .ifPresent(file -> arguments.add("-D" + Worker.DEVICE_TABLE + "=" + file.toAbsolutePath()));
        return new JavaWorkerLauncher(
                absolute(common.home()),
                absolute(common.artifacts().directory()),
                settings.workerHeap(),
                arguments,
                new MpiLauncher(List.of(settings.mpiLauncher().strip().split("\\s+", -1))));
    }

    @Produces
    @Singleton
    WorkerLauncher workers(TrainerSettings settings, JavaWorkerLauncher launcher) {
        return switch (settings.launcher()) {
            case PROCESS -> new ProcessWorkers(launcher);
            case KUBERNETES -> KubernetesLaunch.open(settings.kubernetes());
        };
    }

    @Produces
    @Singleton
    @Startup
    Runs runs(TrainerSettings settings, WorkerLauncher launcher) {
        return new Runs(
                absolute(settings.directory()).resolve("runs"),
                launcher,
                settings.concurrentRuns(),
                settings.queueCapacity(),
                new Restarts(settings.restarts(), settings.restartPause()),
                ContainerMemory.here());
    }

    @Produces
    @Singleton
    @Startup
    ModelImports imports(CommonSettings common, TrainerSettings settings, ArtifactStore store) {
        SandboxMode sandbox = SandboxMode.of(common.sandbox());
        LOG.info("sandbox of imports and quantization: " + sandbox.describe());
        return new ModelImports(
                absolute(settings.directory()).resolve("imports"),
                store,
                Runtime.getRuntime().availableProcessors(),
                quantizations(settings),
                sandbox);
    }

    @Produces
    @Singleton
    DeviceTable deviceTable(TrainerSettings settings) {
        return DeviceTable.load(settings.deviceTable());
    }

    @Produces
    @Singleton
    Calibration calibration(TrainerSettings settings, JavaWorkerLauncher launcher) {
        return Calibration.in(absolute(settings.directory()), launcher);
    }

    /** On shutdown, stops the workers, which write a checkpoint; the next start resumes their runs. */
    void stop(@Observes ShutdownEvent event, Runs runs) throws InterruptedException {
        runs.stopWorkers(STOP_PATIENCE);
        runs.close();
    }

    private static Set<GgufFile> quantizations(TrainerSettings settings) {
        try {
            return settings.quantizations().stream()
                    .map(name -> GgufFile.valueOf(name.strip().toUpperCase(Locale.ROOT)))
                    .collect(Collectors.toCollection(() -> EnumSet.noneOf(GgufFile.class)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "rootstock.trainer.quantizations (ROOTSTOCK_TRAINER_QUANTIZATIONS) must be some of F32, F16, Q8_0"
                            + " and Q4_K_M, was " + String.join(",", settings.quantizations()),
                    e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("rootstock.trainer.device-table cannot be read: " + file, e);
        }
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
