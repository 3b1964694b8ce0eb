package io.rootstock.trainer.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.rootstock.artifacts.Digest;
import io.rootstock.files.FileTree;
import io.rootstock.service.ErrorInterceptor;
import io.rootstock.trainer.checkpoint.StoredCheckpoints;
import io.rootstock.trainer.data.Datasets;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.grpc.RunWorkerGrpcService;
import io.rootstock.trainer.process.ContainerMemory;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.Runs;
import io.rootstock.trainer.run.TrainerFixture;
import io.rootstock.trainer.v1.RunCheckpoint;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunEventSource;
import io.rootstock.trainer.v1.RunResolved;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.RunWorkerProcess;
import io.rootstock.trainer.v1.StartRunRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests real agents with real workers at a trainer in this process, through kills and outages. */
class RunAgentTest {
    private static final Duration TERM = Duration.ofSeconds(3);
    /** Native libraries are unpacked once. */
    private static final Path SHARED = Path.of(System.getProperty("java.io.tmpdir"), "rootstock-test-home");

    @TempDir
    Path home;

    private final Map<String, String> settings = new HashMap<>();
    private final TestLeases leases = new TestLeases(TERM);
    private TrainerFixture trainer;
    private Digest dataset;
    private AgentProcesses agents;
    private Server registry;
    private Server server;
    private Runs runs;
    private int port;

    @BeforeEach
    void start() throws IOException {
        trainer = new TrainerFixture(home);
        dataset = Datasets.documents(trainer.store(), 300);
        registry = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(leases)
                .build()
                .start();
        agents = new AgentProcesses(home.resolve("agents"), settings);
        startTrainer();
        settings.put("rootstock.home", SHARED.toString());
        settings.put("rootstock.artifacts.directory", home.resolve("artifacts").toString());
        settings.put("rootstock.registry.endpoint", "127.0.0.1:" + registry.getPort());
        settings.put("rootstock.trainer.endpoint", "127.0.0.1:" + port);
    }

    @AfterEach
    void stop() {
        runs.close();
        if (agents.count() > 0) {
            agents.kill("one");
        }
        server.shutdownNow();
        registry.shutdownNow();
    }

    @Test
    void aRunSurvivesTheLossOfItsAgentTheTrainerAndTheTrainersDisk() throws Exception {
        RunSpec spec = TrainerFixture.tiny(dataset, 4000);
        RunDirectory whole = trainer.folder("whole", spec);
        assertThat(trainer.work(whole)).as(() -> TrainerFixture.output(whole)).isZero();

        runs.start("one", spec);
        awaitStored(5);
        agents.kill("one");
        awaitLease(2);
        awaitStored(50);

        // The trainer stops for a while; the agent trains and keeps its events.
        stopTrainer();
        long before = newest();
        awaitLocal(before + 20);
        startTrainer();
        awaitStored(before + 20);
        assertThat(sources().stream().mapToLong(RunEventSource::getLease).max()).hasValue(2);

        // The trainer loses its disk; the registry starts the run again with the checkpoints that it knows.
        List<RunCheckpoint> known = StoredCheckpoints.of(events(), 2);
        RunResolved resolved = runs.directory("one").readResolved().orElseThrow();
        stopTrainer();
        FileTree.delete(home.resolve("trainer"));
        startTrainer();
        runs.start(StartRunRequest.newBuilder()
                .setRunId("one")
                .setSpec(spec)
                .setResolved(resolved)
                .addAllCheckpoints(known)
                .setLease(leases.last("one"))
                .build());
        await(() -> runs.get("one").getState() == RunState.RUN_STATE_RUNNING);
        assertThat(agents.count())
                .as("the running worker is found, not started again")
                .isEqualTo(2);
        awaitStored(known.getFirst().getStep() + 10);
        agents.kill("one");
        awaitState(RunState.RUN_STATE_SUCCEEDED);

        assertThat(agents.count()).isEqualTo(3);
        assertThat(artifacts(runs.directory("one"))).isNotEmpty().isEqualTo(artifacts(whole));
        assertThat(TrainerFixture.lastEvaluation(runs.directory("one"), "validation")
                        .getLoss())
                .isEqualTo(TrainerFixture.lastEvaluation(whole, "validation").getLoss());
        assertOnceAndInOrder();
    }

    @Test
    void anAgentThatHasLostItsLeaseEndsItsWorkerAndReportsNothingMore() throws Exception {
        runs.start("one", TrainerFixture.tiny(dataset, 100_000));
        awaitStored(5);
        ProcessHandle agent = agents.agent("one");
        ProcessHandle worker = agents.worker("one").orElseThrow();
        leases.revoke("one");
        awaitLease(3);
        assertThat(agent.isAlive()).isFalse();
        assertThat(worker.isAlive()).isFalse();
        await(() -> sources().stream().anyMatch(source -> source.getLease() == 3));
        awaitStored(newest() + 5);
        assertOnceAndInOrder();
    }

    @Test
    void aWorkerIsSuspendedWhileItsLeaseIsOverAndContinues() throws Exception {
        runs.start("one", TrainerFixture.tiny(dataset, 100_000));
        awaitStored(5);
        ProcessHandle worker = agents.worker("one").orElseThrow();
        leases.setAvailable(false);
        await(() -> state(worker).equals("T"));
        long reported = events().size();
        leases.setAvailable(true);
        await(() -> !state(worker).equals("T"));
        await(() -> events().size() > reported);
        assertThat(agents.count()).isEqualTo(1);
        assertThat(leases.last("one")).isEqualTo(1);
    }

    @Test
    void aPausedRunStoresACheckpointOfItsLastStepAndResumesFromIt() throws Exception {
        runs.start("one", TrainerFixture.tiny(dataset, 100_000));
        awaitStored(5);
        runs.pause("one", 0);
        awaitState(RunState.RUN_STATE_PAUSED);
        assertThat(runs.get("one").getMessage()).isEqualTo("stopped at step " + newest());
        assertThat(agents.agent("one").isAlive()).isFalse();
        long paused = newest();
        runs.resume("one", 0, 0);
        await(() -> events().stream()
                        .filter(RunEvent::hasResolved)
                        .map(event -> event.getResolved().getStartStep())
                        .reduce((first, second) -> second)
                        .orElseThrow()
                == paused);
        assertThat(leases.last("one")).isEqualTo(2);
    }

    @Test
    void aWorkerThatWritesNoEventIsEndedAndReplaced() throws Exception {
        settings.put(AgentSettings.HANG, "PT15S");
        runs.start("one", TrainerFixture.tiny(dataset, 100_000));
        awaitStored(5);
        long worker = agents.worker("one").orElseThrow().pid();
        Signals.suspend(worker);
        awaitLease(2);
        await(() -> events().stream()
                .anyMatch(event ->
                        event.getStateChanged().getMessage().contains("ended by its agent: no event for 15 s")));
        awaitStored(newest() + 5);
    }

    private void startTrainer() throws IOException {
        runs = new Runs(
                home.resolve("trainer").resolve("runs"),
                agents,
                1,
                10,
                3,
                new ContainerMemory(home.resolve("no-cgroup")));
        RunWorkerProcess process = RunWorkerProcess.newBuilder().setHeap("256m").build();
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addService(
                        ServerInterceptors.intercept(new RunWorkerGrpcService(runs, process), new ErrorInterceptor()))
                .build()
                .start();
        port = server.getPort();
    }

    private void stopTrainer() throws InterruptedException {
        server.shutdownNow().awaitTermination();
        runs.close();
    }

    private List<RunEvent> events() {
        return EventLog.readAll(runs.directory("one").events());
    }

    private List<RunEventSource> sources() {
        return events().stream()
                .filter(RunEvent::hasSource)
                .map(RunEvent::getSource)
                .toList();
    }

    /** Each event of a worker is in the log once, and none follows an event of a later lease. */
    private void assertOnceAndInOrder() {
        List<RunEventSource> sources = sources();
        assertThat(sources).doesNotHaveDuplicates();
        assertThat(sources)
                .isSortedAccordingTo((left, right) -> left.getLease() == right.getLease()
                        ? Long.compare(left.getSequence(), right.getSequence())
                        : Long.compare(left.getLease(), right.getLease()));
        assertThat(events())
                .extracting(RunEvent::getSequence)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, events().size()).boxed().toList());
    }

    private long newest() {
        List<RunCheckpoint> stored = StoredCheckpoints.of(events(), 1);
        return stored.isEmpty() ? -1 : stored.getFirst().getStep();
    }

    private void awaitStored(long step) throws InterruptedException {
        await(() -> newest() >= step);
    }

    /** Waits until the last agent's worker has written a checkpoint. */
    private void awaitLocal(long step) throws InterruptedException {
        Path log = home.resolve("agents")
                .resolve("agent-" + (agents.count() - 1))
                .resolve("one")
                .resolve("events.log");
        await(() -> EventLog.readAll(log).stream()
                .anyMatch(event -> event.getCheckpoint().getStep() >= step));
    }

    private void awaitLease(long number) throws InterruptedException {
        await(() -> leases.last("one") >= number);
    }

    private void awaitState(RunState state) throws InterruptedException {
        await(() -> runs.get("one").getState() == state);
    }

    private void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofMinutes(4).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(agents::logs).isLessThan(end);
            Thread.sleep(20);
        }
    }

    /** State of a process in Linux, such as T for a stopped one; empty if it has ended. */
    private static String state(ProcessHandle process) {
        try {
            String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return status.substring(status.lastIndexOf(')') + 2).substring(0, 1);
        } catch (IOException ended) {
            return "";
        }
    }

    private static List<String> artifacts(RunDirectory directory) {
        return EventLog.readAll(directory.events()).stream()
                .flatMap(event -> event.getArtifacts().getArtifactsList().stream())
                .map(artifact -> artifact.getDigest())
                .toList();
    }
}
