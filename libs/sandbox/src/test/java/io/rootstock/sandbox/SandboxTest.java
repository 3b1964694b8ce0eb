package io.rootstock.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.rootstock.sandbox.ExpendableProcess.End;
import io.rootstock.sandbox.ExpendableProcess.Kind;
import io.rootstock.sandbox.ExpendableProcess.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Attempts of a confined process, on the kernel of this machine. */
@Timeout(300)
class SandboxTest {
    private static final long MEBIBYTE = 1 << 20;
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final Duration CPU = Duration.ofMinutes(5);

    @TempDir
    Path outside;

    @TempDir
    Path work;

    private Path secret;

    @BeforeEach
    void secret() throws IOException {
        secret = Files.writeString(outside.resolve("token"), "s3cret");
    }

    private static void needsLandlock() {
        assumeTrue(KernelSupport.here().complete(), KernelSupport.here().description());
    }

    private Confinement confinement(Path... readable) {
        return new Confinement(List.of(readable), Optional.of(work), 8 * MEBIBYTE, 1024 * MEBIBYTE, CPU);
    }

    private End run(SandboxMode mode, Confinement confinement, String... attempts) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx64m");
        command.add("-XX:+UseSerialGC");
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(Confinement.JVM_OPTIONS);
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(SandboxProbe.class.getName());
        command.addAll(List.of(attempts));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("ROOTSTOCK_TOKEN", "s3cret");
        builder.environment().put("AWS_SECRET_ACCESS_KEY", "s3cret");
        builder.environment().put("LANG", "C.UTF-8");
        builder.environment().put("LC_ALL", "C.UTF-8");
        confinement.apply(builder, mode);
        return ExpendableProcess.run(builder, work, Limits.of(Duration.ofMinutes(4)), () -> true);
    }

    @Test
    void aConfinedProcessReachesOnlyItsFiles() throws IOException {
        needsLandlock();
        Path given = Files.writeString(outside.resolve("model.gguf"), "GGUF");
        Path own = Files.writeString(work.resolve("old"), "old");
        End end = run(
                SandboxMode.REQUIRED,
                confinement(given),
                "read:" + given,
                "read:" + secret,
                "read:/etc/passwd",
                "read:/proc/" + ProcessHandle.current().pid() + "/environ",
                "read:/proc/self/root" + secret,
                "list:" + outside,
                "write:" + outside.resolve("new"),
                "write:" + given,
                "delete:" + secret,
                "write:" + work.resolve("result"),
                "read:" + work.resolve("result"),
                "delete:" + own);

        assertThat(end.kind()).as(end.words()).isEqualTo(Kind.DONE);
        assertThat(end.output())
                .containsExactly(
                        "read: GGUF",
                        "read: refused, AccessDeniedException",
                        "read: refused, AccessDeniedException",
                        "read: refused, AccessDeniedException",
                        "read: refused, AccessDeniedException",
                        "list: refused, AccessDeniedException",
                        "write: refused, AccessDeniedException",
                        "write: refused, AccessDeniedException",
                        "delete: refused, AccessDeniedException",
                        "write: done",
                        "read: written",
                        "delete: done");
        assertThat(outside.resolve("new")).doesNotExist();
        assertThat(secret).hasContent("s3cret");
        assertThat(given).hasContent("GGUF");
    }

    @Test
    void aConfinedProcessHasNoNetworkNoProgramsAndNoSecrets() throws IOException {
        needsLandlock();
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            End end = run(
                    SandboxMode.REQUIRED,
                    confinement(),
                    "connect:" + listening.getLocalPort(),
                    "socket:" + AF_UNIX,
                    "socket:" + AF_INET,
                    "exec:/bin/true",
                    "fork:",
                    "kill:" + ProcessHandle.current().pid(),
                    "link:" + work.resolve("link"),
                    "mode:" + work.resolve(ExpendableProcess.OUTPUT),
                    "environment:",
                    "descriptors:");

            assertThat(end.kind()).as(end.words()).isEqualTo(Kind.DONE);
            // The JDK cannot even initialize its network classes.
            assertThat(end.output().getFirst()).startsWith("connect: refused, ");
            assertThat(end.output().subList(1, 9))
                    .containsExactly(
                            "socket: -1",
                            "socket: -1",
                            "exec: refused, IOException",
                            "fork: -1",
                            "kill: -1",
                            "link: refused, FileSystemException",
                            "mode: refused, FileSystemException",
                            "environment: [GGML_NO_BACKTRACE, LANG, LC_ALL, ROOTSTOCK_SANDBOXED]");
            // Standard input, output and error.
            assertThat(end.output().get(9)).startsWith("descriptors: 3[");
        }
    }

    @Test
    void withoutTheSandboxTheSameAttemptsSucceed() throws IOException {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            End end = run(
                    SandboxMode.OFF,
                    confinement(),
                    "read:" + secret,
                    "write:" + outside.resolve("new"),
                    "connect:" + listening.getLocalPort(),
                    "exec:/bin/true",
                    "kill:" + ProcessHandle.current().pid(),
                    "environment:");
            assertThat(end.output().subList(0, 5))
                    .containsExactly(
                            "read: s3cret",
                            "write: done",
                            "connect: connected to " + listening.getLocalPort(),
                            "exec: 0",
                            "kill: 0");
            assertThat(end.output().get(5)).contains("AWS_SECRET_ACCESS_KEY", "ROOTSTOCK_TOKEN");
        }
    }

    @Test
    void aProcessWithoutAnOutputDirectoryWritesNowhere() {
        needsLandlock();
        Confinement none = new Confinement(List.of(), Optional.empty(), MEBIBYTE, 1024 * MEBIBYTE, CPU);
        End end = run(
                SandboxMode.REQUIRED, none, "write:" + work.resolve("result"), "write:/tmp/result", "write:/dev/null");
        assertThat(end.output())
                .containsExactly(
                        "write: refused, AccessDeniedException",
                        "write: refused, AccessDeniedException",
                        "write: done");
    }

    @ParameterizedTest
    @EnumSource(
            value = SandboxMode.class,
            names = {"REQUIRED", "AVAILABLE"})
    void filesMemoryAndCpuTimeAreLimited(SandboxMode mode) throws IOException {
        needsLandlock();
        Path file = work.resolve("large");
        End end = run(mode, confinement(), "grow:" + file, "allocate:" + 64 * MEBIBYTE, "allocate:" + 2048 * MEBIBYTE);
        assertThat(end.output())
                .containsExactly(
                        "grow: refused, IOException",
                        "allocate: " + 64 * MEBIBYTE,
                        "allocate: refused, OutOfMemoryError");
        assertThat(Files.size(file)).isEqualTo(8 * MEBIBYTE);

        Confinement brief =
                new Confinement(List.of(), Optional.empty(), MEBIBYTE, 1024 * MEBIBYTE, Duration.ofSeconds(2));
        End burned = run(mode, brief, "burn:");
        assertThat(burned.kind()).isEqualTo(Kind.DIED);
        assertThat(burned.exitCode()).isEqualTo(137);
    }

    @Test
    void aProcessThatCannotBeConfinedIsNotStarted() {
        Path missing = outside.resolve("program");
        ProcessBuilder builder = new ProcessBuilder(missing.toString());
        confinement().apply(builder, SandboxMode.REQUIRED);
        End end = ExpendableProcess.run(builder, work, Limits.of(Duration.ofMinutes(4)), () -> true);
        assertThat(end.kind()).isEqualTo(Kind.UNCONFINED);
        assertThat(end.reason())
                .isEqualTo("its process was not started (sandbox: cannot start " + missing + " (errno 2))");
    }

    @Test
    void theModeIsReadFromTheSystemProperty() {
        assertThat(SandboxMode.fromProperty()).isEqualTo(SandboxMode.AVAILABLE);
        assertThatThrownBy(() -> SandboxMode.of("on"))
                .hasMessage("rootstock.sandbox must be required, available or off, was 'on'");
    }

    @Test
    void aKernelThatOffersLessIsDescribed() {
        assertThat(new KernelSupport(7, true).description()).isEqualTo("Landlock ABI 7 and a seccomp filter");
        assertThat(new KernelSupport(0, true).description())
                .isEqualTo(
                        "only a seccomp filter: this machine has no Landlock, so processes that open files of outside"
                                + " origin can read and write other files");
        assertThat(new KernelSupport(3, false).description())
                .isEqualTo("only Landlock ABI 3: this machine has no seccomp filter");
        assertThat(new KernelSupport(0, false).missing()).isEqualTo("no Landlock and no seccomp filter");
        assertThat(SandboxMode.OFF.describe()).startsWith("off: ");
        assertThat(SandboxMode.AVAILABLE.describe(new KernelSupport(0, true))).startsWith("only a seccomp filter");
        assertThatThrownBy(() -> SandboxMode.REQUIRED.describe(new KernelSupport(0, true)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("rootstock.sandbox is required, but there is no Landlock; hint: ");
    }
}
