package io.rootstock.trainer.grpc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.collectives.MpiLauncher;
import io.rootstock.trainer.estimate.DeviceTable;
import io.rootstock.trainer.plan.RefusedSpecException;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import io.rootstock.trainer.run.ProcessWorkers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPlannerTest {
    @TempDir
    Path home;

    @Test
    void severalProcessesRequireMpich() {
        JavaWorkerLauncher launcher = new JavaWorkerLauncher(
                home, home, "64m", List.of(), new MpiLauncher(List.of("no-such-mpiexec", "-hosts", "one,two")));
        RunPlanner planner = new RunPlanner(
                new DirectoryArtifactStore(home),
                DeviceTable.load(Optional.empty()),
                null,
                launcher,
                new ProcessWorkers(launcher),
                null);
        planner.checkRanks("hyperparameters.ranks", 1);
        assertThatThrownBy(() -> planner.checkRanks("hyperparameters.ranks", 2))
                .isInstanceOf(RefusedSpecException.class)
                .hasMessageContaining("hyperparameters.ranks")
                .hasMessageContaining("no-such-mpiexec not found")
                .hasMessageContaining("apt-get install mpich");
        assertThatThrownBy(() -> planner.checkRanks("ranks", 5000))
                .isInstanceOf(RefusedSpecException.class)
                .hasMessageContaining("must be 1 to 1024, was 5000");
    }
}
