package io.rootstock.trainer.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.collectives.EngineMissingException;
import io.rootstock.collectives.MpiLauncher;
import io.rootstock.trainer.checkpoint.Checkpoints;
import io.rootstock.trainer.data.Datasets;
import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.run.JavaWorkerLauncher;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.run.TrainerFixture;
import io.rootstock.trainer.run.WorkerLock;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs two processes in two network namespaces that are connected only by a pair of virtual cables, like two machines.
 */
@Tag("matrix")
class RanksOverNetworkTest {
    private static final int STEPS = 30;
    private static final String FIRST = "10.213.0.1";
    private static final String SECOND = "10.213.0.2";

    private static final String RUNNING = "until grep -q up /sys/class/net/cable/operstate; do sleep 0.05; done";

    private final String suffix = Long.toString(ProcessHandle.current().pid());
    private final String one = "rootstock-one-" + suffix;
    private final String two = "rootstock-two-" + suffix;

    @TempDir
    Path home;

    private TrainerFixture trainer;
    private JavaWorkerLauncher launcher;
    private RunSpec spec;

    @BeforeEach
    void cable() throws Exception {
        try {
            MpiLauncher.HYDRA.check();
        } catch (EngineMissingException e) {
            Assumptions.abort(e.getMessage());
        }
        Assumptions.assumeTrue(
                run("ip", "netns", "add", one) && run("ip", "netns", "add", two),
                "network namespaces need root and iproute2 (apt-get install iproute2)");
        assertThat(run("ip", "-n", one, "link", "add", "cable", "type", "veth", "peer", "name", "cable", "netns", two))
                .isTrue();
        for (String namespace : List.of(one, two)) {
            String address = (namespace.equals(one) ? FIRST : SECOND) + "/24";
            assertThat(run("ip", "-n", namespace, "addr", "add", address, "dev", "cable")
                            && run("ip", "-n", namespace, "link", "set", "cable", "up")
                            && run("ip", "-n", namespace, "link", "set", "lo", "up"))
                    .isTrue();
        }
        // A link is usable once the kernel reports that it is up, up to a second after it was set up.
        for (String namespace : List.of(one, two)) {
            assertThat(run("ip", "netns", "exec", namespace, "timeout", "60", "sh", "-c", RUNNING))
                    .as("the cable of " + namespace)
                    .isTrue();
        }
        trainer = new TrainerFixture(home);
        spec = TrainerFixture.tiny(Datasets.documents(trainer.store(), 300), STEPS);
        JavaWorkerLauncher here = trainer.launcher();
        launcher = new JavaWorkerLauncher(
                here.home(), here.artifacts(), here.heap(), here.arguments(), new MpiLauncher(hydra()));
    }

    @AfterEach
    void unplug() throws Exception {
        run("ip", "netns", "del", one);
        run("ip", "netns", "del", two);
    }

    @Test
    void twoMachinesGiveTheResultOfOne() throws Exception {
        RunDirectory whole = trainer.folder("whole", spec);
        assertThat(trainer.work(whole)).as(() -> TrainerFixture.output(whole)).isZero();

        RunDirectory both = trainer.folder("both", withOneThread());
        long before = received();
        assertThat(launcher.launch(both, 2).waitFor())
                .as(() -> TrainerFixture.output(both))
                .isZero();
        assertThat(artifacts(both)).isNotEmpty().isEqualTo(artifacts(whole));
        long gradient = Files.size(both.checkpoints().resolve("step-" + STEPS).resolve("weights.f32"));
        assertThat(received() - before).as("bytes over the cable").isGreaterThan(STEPS * gradient / 2);
    }

    @Test
    void losingAMachineEndsTheOtherAndTheRunResumes() throws Exception {
        RunDirectory directory = trainer.folder("lost", withOneThread());
        Process group = launcher.launch(directory, 2);
        Checkpoints checkpoints = new Checkpoints(directory.checkpoints());
        TrainerFixture.await(directory, () -> !checkpoints.steps().isEmpty() || !group.isAlive());
        assertThat(group.isAlive()).as(() -> TrainerFixture.output(directory)).isTrue();
        ProcessHandle first = WorkerLock.holder(directory.lock()).orElseThrow();
        WorkerLock.holder(directory.ofRank(1).lock()).orElseThrow().destroyForcibly();
        first.onExit().get(5, TimeUnit.MINUTES);
        assertThat(group.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(trainer.work(directory))
                .as(() -> TrainerFixture.output(directory))
                .isZero();
        assertThat(artifacts(directory)).isNotEmpty();
    }

    private RunSpec withOneThread() {
        RunSpec.Builder changed = spec.toBuilder();
        changed.getHyperparametersBuilder().setThreads(1);
        return changed.build();
    }

    /**
     * Command of Hydra in the first namespace, which enters the second as it would log in to another machine.
     * Restricted to TCP, because UCX would detect that both processes can share memory.
     */
    private List<String> hydra() throws IOException {
        Path enter = home.resolve("enter");
        Files.writeString(enter, """
                #!/bin/sh
                # called as ssh is: -x host command
                shift 2
                exec ip netns exec %s sh -c "$*"
                """.formatted(two));
        Files.setPosixFilePermissions(enter, PosixFilePermissions.fromString("rwx------"));
        return List.of(
                "ip",
                "netns",
                "exec",
                one,
                "env",
                "UCX_TLS=tcp,self",
                "mpiexec.hydra",
                "-hosts",
                FIRST + "," + SECOND,
                "-ppn",
                "1",
                "-launcher",
                "ssh",
                "-launcher-exec",
                enter.toString());
    }

    /** Bytes received by the first namespace. */
    private long received() throws Exception {
        Process process = new ProcessBuilder(
                        "ip", "netns", "exec", one, "cat", "/sys/class/net/cable/statistics/rx_bytes")
                .redirectErrorStream(true)
                .start();
        return Long.parseLong(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> artifacts(RunDirectory directory) {
        return EventLog.readAll(directory.events()).stream()
                .filter(RunEvent::hasArtifacts)
                .flatMap(event -> event.getArtifacts().getArtifactsList().stream())
                .map(Artifact::getDigest)
                .toList();
    }
}
