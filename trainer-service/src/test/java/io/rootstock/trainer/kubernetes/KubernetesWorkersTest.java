package io.rootstock.trainer.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.WorkerHandle;
import io.rootstock.trainer.v1.RunSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubernetesWorkersTest {
    @TempDir
    Path home;

    private FakeApiServer server;
    private RunDirectory directory;
    private KubernetesWorkers workers;

    @BeforeEach
    void start() throws IOException {
        server = new FakeApiServer();
        directory = new RunDirectory(Files.createDirectories(home.resolve("one")));
        directory.writeSpec(RunSpec.getDefaultInstance());
        workers = open();
    }

    @AfterEach
    void stop() {
        workers.close();
        server.close();
    }

    @Test
    void anAttemptIsAJobThatIsAliveUntilItsConditionSaysOtherwise() throws Exception {
        await(workers::isAvailable);
        WorkerHandle worker = workers.launch(directory, 1);
        assertThat(server.jobs()).extracting(job -> job.getMetadata().getName()).containsExactly("run-one-1");
        assertThat(worker.isAlive()).isTrue();
        assertThat(worker.description()).isEqualTo("Job run-one-1");
        end("run-one-1", "FailureTarget");
        await(() -> !worker.isAlive());

        WorkerHandle next = workers.launch(directory, 1);
        assertThat(server.jobs()).extracting(job -> job.getMetadata().getName()).contains("run-one-2");
        assertThat(next.isAlive()).isTrue();
        assertThat(server.deletions()).isEmpty();
        server.remove("run-one-2");
        await(() -> !next.isAlive());
    }

    @Test
    void aRestartedTrainerFindsItsJobs() throws Exception {
        await(workers::isAvailable);
        WorkerHandle first = workers.launch(directory, 1);
        assertThat(first.isAlive()).isTrue();
        workers.close();
        workers = open();
        WorkerHandle found = workers.find(directory);
        await(workers::isAvailable);
        assertThat(found.isAlive()).isTrue();
        assertThat(found.description()).isEqualTo("Job run-one-1");
        assertThat(workers.find(new RunDirectory(home.resolve("two"))).isAlive())
                .isFalse();
        end("run-one-1", "Complete");
        await(() -> !found.isAlive());
    }

    @Test
    void runsKeepTheirStatesWhileTheApiDoesNotAnswer() throws Exception {
        await(workers::isAvailable);
        WorkerHandle worker = workers.launch(directory, 1);
        workers.close();
        server.setFailing(true);
        workers = open();
        WorkerHandle found = workers.find(directory);
        assertThat(workers.isAvailable()).isFalse();
        assertThat(found.isAlive()).as("unknown").isTrue();
        assertThat(worker.isAlive()).isTrue();
        found.stop();
        assertThat(server.deletions()).isEmpty();
        server.setFailing(false);
        await(workers::isAvailable);
        assertThat(found.isAlive()).isTrue();
    }

    @Test
    void aStoppedWorkersJobIsDeletedAfterItsPodAndAKilledOneAtOnce() throws Exception {
        await(workers::isAvailable);
        WorkerHandle worker = workers.launch(directory, 1);
        worker.stop();
        worker.stop();
        assertThat(server.deletions())
                .singleElement()
                .satisfies(deletion ->
                        assertThat(deletion).startsWith("run-one-1 ").contains("Foreground"));
        pod("run-one-1-abc", 137, "OOMKilled");
        worker.kill();
        assertThat(server.deletions())
                .hasSize(3)
                .last()
                .satisfies(deletion -> assertThat(deletion).startsWith("pods ").contains("\"gracePeriodSeconds\":0"));
    }

    @Test
    void aContainerThatWasKilledForMemoryIsReadFromItsPod() throws Exception {
        await(workers::isAvailable);
        WorkerHandle worker = workers.launch(directory, 1);
        assertThat(worker.exitCode()).isEmpty();
        assertThat(worker.killedForMemory()).isFalse();
        pod("run-one-1-abc", 137, "OOMKilled");
        assertThat(worker.exitCode()).isEqualTo(Optional.of(137));
        assertThat(worker.killedForMemory()).isTrue();
        assertThat(worker.output()).isEqualTo("last lines");
    }

    @Test
    void aRunThatRanOutOfMemoryGetsTwiceAsMuchUpToTheLimit() throws Exception {
        await(workers::isAvailable);
        assertThat(workers.moreMemory(directory)).as("no attempt").isEmpty();
        WorkerHandle _ = workers.launch(directory, 1);
        assertThat(workers.moreMemory(directory)).contains("2048 MiB (was 1024 MiB)");
        end("run-one-1", "Failed");
        workers.close();
        workers = open();
        await(workers::isAvailable);
        WorkerHandle _ = workers.launch(directory, 1);
        assertThat(workers.moreMemory(directory)).contains("2560 MiB (was 2048 MiB)");
        WorkerHandle _ = workers.launch(directory, 1);
        assertThat(workers.moreMemory(directory)).as("the limit").isEmpty();
        assertThat(server.jobs())
                .extracting(job -> job.getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getResources()
                        .getLimits()
                        .get("memory"))
                .containsExactly(new Quantity("1024Mi"), new Quantity("2048Mi"), new Quantity("2560Mi"));
    }

    @Test
    void aPodOfAnyRankThatWasKilledForMemoryIsTheCause() throws Exception {
        await(workers::isAvailable);
        WorkerHandle worker = workers.launch(directory, 2);
        assertThat(server.jobs())
                .singleElement()
                .satisfies(job -> assertThat(job.getSpec().getCompletions()).isEqualTo(2));
        pod("run-one-1-0-abc", 255, "Error");
        assertThat(worker.exitCode()).isEqualTo(Optional.of(255));
        assertThat(worker.killedForMemory()).isFalse();
        pod("run-one-1-1-abc", 137, "OOMKilled");
        assertThat(worker.exitCode()).isEqualTo(Optional.of(137));
        assertThat(worker.killedForMemory()).isTrue();
    }

    private KubernetesWorkers open() {
        return new KubernetesWorkers(
                server.client(),
                "runs",
                new JobSettings(
                        "trainer:1",
                        "default",
                        Map.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        Map.of(),
                        1,
                        1 << 30,
                        Optional.of(5L << 29),
                        1 << 30,
                        Optional.empty(),
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(1)));
    }

    private void end(String name, String condition) {
        Job job = server.jobs().stream()
                .filter(each -> each.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
        server.put(new JobBuilder(job)
                .withNewStatus()
                .addNewCondition()
                .withType(condition)
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build());
    }

    private void pod(String name, int exitCode, String reason) {
        server.put(new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("runs")
                .endMetadata()
                .withNewStatus()
                .addNewContainerStatus()
                .withNewState()
                .withNewTerminated()
                .withExitCode(exitCode)
                .withReason(reason)
                .withMessage("last lines")
                .endTerminated()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build());
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plusSeconds(60);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(end);
            Thread.sleep(10);
        }
    }
}
