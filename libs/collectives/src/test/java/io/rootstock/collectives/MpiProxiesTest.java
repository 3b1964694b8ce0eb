package io.rootstock.collectives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests groups whose proxies are started by hand, each with a program and an environment of its own. */
class MpiProxiesTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    private final List<Process> proxies = new ArrayList<>();
    private Process launcher;

    @BeforeAll
    static void mpich() {
        try {
            MpiLauncher.HYDRA.check();
        } catch (EngineMissingException e) {
            Assumptions.abort(e.getMessage());
        }
    }

    @AfterEach
    void end() {
        proxies.forEach(proxy -> {
            proxy.descendants().forEach(ProcessHandle::destroyForcibly);
            proxy.destroyForcibly();
        });
        if (launcher != null) {
            launcher.destroyForcibly();
        }
    }

    /** Repeated: MPI_Finalize of MPICH 4.0 does not return in about one of 20 such groups. */
    @RepeatedTest(10)
    void processesOfProxiesAreOneGroup() throws Exception {
        MpiProxies group = launch();
        start(group, 1, "few");
        start(group, 0, "few");
        assertThat(launcher.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(launcher.exitValue()).as(this::output).isZero();
        assertThat(proxies.getFirst().waitFor()).isZero();
        for (int rank = 0; rank < 2; rank++) {
            assertThat(folder.resolve("of-" + rank).resolve(rank + ".txt"))
                    .content()
                    .startsWith("3.0 1.0 1.000000000002")
                    .endsWith("rank 1 of 2");
        }
        assertThat(MpiProxies.withoutCommands(output())).doesNotContain("HYDRA_LAUNCH");
    }

    @Test
    void theLossOfAMachineEndsTheGroup() throws Exception {
        MpiProxies group = launch();
        start(group, 0, "loss");
        // The other machine's process does not join; then the machine is lost with its proxy.
        Process lost = start(group, 1, "sleep");
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (lost.descendants()
                .noneMatch(process -> process.info().command().orElse("").endsWith("sleep"))) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(10);
        }
        List<ProcessHandle> processes = lost.descendants().toList();
        lost.destroyForcibly();
        processes.forEach(ProcessHandle::destroyForcibly);
        assertThat(launcher.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(launcher.exitValue()).isNotZero();
        assertThat(proxies.getFirst().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        assertThat(folder.resolve("of-0").resolve("0.txt")).doesNotExist();
    }

    @Test
    void argumentsFromAnotherMachineAreChecked() {
        assertThatThrownBy(() -> new MpiProxies(List.of("--control-port", "a:1; rm")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not an argument of a proxy: a:1; rm");
        assertThatThrownBy(() -> new MpiProxies(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThat(new MpiProxies(List.of("--control-port", "10.0.0.1:4000")).command(3))
                .containsExactly("hydra_pmi_proxy", "--control-port", "10.0.0.1:4000", "--proxy-id", "3");
    }

    @Test
    void outputOfAnUnknownLauncherIsRefused() {
        assertThat(MpiProxies.read("HYDRA_LAUNCH: /usr/bin/hydra_pmi_proxy --a b --proxy-id 0\n", 1))
                .isEmpty();
        assertThatThrownBy(() -> MpiProxies.read("HYDRA_LAUNCH: other --a b --id 0\nHYDRA_LAUNCH_END\n", 1))
                .isInstanceOf(EngineMissingException.class)
                .hasMessageContaining("MPICH");
    }

    /** Starts the launcher of two processes, with an environment of its own. */
    private MpiProxies launch() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(MpiProxies.launcher(2, "127.0.0.1"));
        builder.environment().put("PLACE", "launcher");
        launcher = start(builder);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<MpiProxies> group = MpiProxies.read(output(), 2);
            if (group.isPresent()) {
                return group.get();
            }
            assertThat(launcher.isAlive() && System.nanoTime() < end)
                    .as(this::output)
                    .isTrue();
            Thread.sleep(10);
        }
    }

    private Process start(MpiProxies group, int rank, String task) throws IOException {
        Path own = Files.createDirectories(folder.resolve("of-" + rank));
        List<String> java = JavaProgram.command(RankProgram.class, own.toString(), "2", task);
        Path program = own.resolve("program.sh");
        String command = task.equals("sleep") ? "sleep 300" : "exec '" + String.join("' '", java) + "'";
        Files.writeString(program, "test \"$PLACE\" = machine-" + rank + " || exit 9\n" + command + "\n");
        ProcessBuilder builder = new ProcessBuilder(group.command(rank));
        builder.environment().putAll(Map.of("PLACE", "machine-" + rank));
        builder.environment().putAll(MpiProxies.environment(program));
        Process proxy = start(builder);
        proxies.add(proxy);
        return proxy;
    }

    private Process start(ProcessBuilder builder) throws IOException {
        return builder.redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("output").toFile()))
                .start();
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("output"));
        } catch (IOException e) {
            return "";
        }
    }
}
