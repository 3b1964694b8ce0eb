package io.rootstock.trainer.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.NettyServerBuilder;
import io.rootstock.artifacts.Digest;
import io.rootstock.service.ErrorInterceptor;
import io.rootstock.trainer.checkpoint.StoredCheckpoints;
import io.rootstock.trainer.data.Datasets;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.grpc.RunWorkerGrpcService;
import io.rootstock.trainer.process.ContainerMemory;
import io.rootstock.trainer.run.Restarts;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.Runs;
import io.rootstock.trainer.run.TrainerFixture;
import io.rootstock.trainer.v1.RunCheckpoint;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunEventSource;
import io.rootstock.trainer.v1.RunState;
import io.rootstock.trainer.v1.RunWorkerProcess;
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
import org.junit.jupiter.api.io.TempDir;

/** Real agents with real workers of the run {@code one}, at a trainer in this process, and a service of leases. */
abstract class AgentFixture {
    private static final Duration TERM = Duration.ofSeconds(3);
    /** Time without a call after which a rank is lost. */
    private static final Duration SILENCE = Duration.ofSeconds(12);
    /** Native libraries are unpacked once. */
    private static final Path SHARED = Path.of(System.getProperty("java.io.tmpdir"), "rootstock-test-home");

    @TempDir
    Path home;

    final Map<String, String> settings = new HashMap<>();
    final TestLeases leases = new TestLeases(TERM);
    TrainerFixture trainer;
    Digest dataset;
    AgentProcesses agents;
    Server registry;
    Server server;
    Runs runs;
    int port;

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

    void startTrainer() throws IOException {
        runs = new Runs(
                home.resolve("trainer").resolve("runs"),
                agents,
                1,
                10,
                Restarts.atOnce(3),
                new ContainerMemory(home.resolve("no-cgroup")));
        RunWorkerProcess process = RunWorkerProcess.newBuilder().setHeap("256m").build();
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addService(ServerInterceptors.intercept(
                        new RunWorkerGrpcService(runs, process, SILENCE), new ErrorInterceptor()))
                .build()
                .start();
        port = server.getPort();
    }

    void stopTrainer() throws InterruptedException {
        server.shutdownNow().awaitTermination();
        runs.close();
    }

    List<RunEvent> events() {
        return EventLog.readAll(runs.directory("one").events());
    }

    List<RunEventSource> sources() {
        return events().stream()
                .filter(RunEvent::hasSource)
                .map(RunEvent::getSource)
                .toList();
    }

    /** Each event of a worker is in the log once, and none follows an event of a later lease. */
    void assertOnceAndInOrder() {
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

    long newest() {
        List<RunCheckpoint> stored = StoredCheckpoints.of(events(), 1);
        return stored.isEmpty() ? -1 : stored.getFirst().getStep();
    }

    void awaitStored(long step) throws InterruptedException {
        await(() -> newest() >= step);
    }

    /** Waits until the last agent's worker has written a checkpoint. */
    void awaitLocal(long step) throws InterruptedException {
        Path log = home.resolve("agents")
                .resolve("agent-" + (agents.count() - 1))
                .resolve("one")
                .resolve("events.log");
        await(() -> EventLog.readAll(log).stream()
                .anyMatch(event -> event.getCheckpoint().getStep() >= step));
    }

    void awaitLease(long number) throws InterruptedException {
        await(() -> leases.last("one") >= number);
    }

    void awaitState(RunState state) throws InterruptedException {
        await(() -> runs.get("one").getState() == state);
    }

    void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofMinutes(4).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(agents::logs).isLessThan(end);
            Thread.sleep(20);
        }
    }

    /** State of a process in Linux, such as T for a stopped one; empty if it has ended. */
    static String state(ProcessHandle process) {
        try {
            String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return status.substring(status.lastIndexOf(')') + 2).substring(0, 1);
        } catch (IOException ended) {
            return "";
        }
    }

    static List<String> artifacts(RunDirectory directory) {
        return EventLog.readAll(directory.events()).stream()
                .flatMap(event -> event.getArtifacts().getArtifactsList().stream())
                .map(artifact -> artifact.getDigest())
                .toList();
    }
}
