package io.rootstock.dist.builder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JVM of the builder in {@code GRAALVM_HOME} with the patches; skipped where there is none. */
@Tag("native")
final class BuilderPatchesIT {
    private static final String PROGRAM = """
            import java.time.Clock;
            import java.time.Instant;
            import java.util.Set;
            import java.util.stream.IntStream;

            public class Program {
                interface Action { void run(); }

                void b() {}
                void a(int number) {}
                void a() {}

                public static void main(String[] arguments) throws Exception {
                    // Threads that draw hashes of their own.
                    IntStream.range(0, 100).parallel().forEach(i -> new Thread().hashCode());
                    Program object = new Program();
                    synchronized (object) {
                        // Inflates the lock.
                        object.wait(1);
                        System.out.println(object.hashCode());
                    }
                    System.out.println(System.identityHashCode(object) + " " + System.identityHashCode(null));
                    System.out.println(new Program().hashCode() + " " + new Program().hashCode());
                    System.out.println(Program.class.hashCode() + " " + Thread.State.NEW.hashCode());
                    System.out.println(Set.of(1, 2, 3, 4, 5, 6));
                    Action one = () -> {};
                    Action two = () -> {};
                    System.out.println(one.getClass().getName() + " " + two.getClass().getName());
                    for (var method : Program.class.getDeclaredMethods()) {
                        System.out.println(method.getName() + " " + method.getParameterCount());
                    }
                    for (int i = 0; i < 100_000; i++) {
                        System.currentTimeMillis();
                    }
                    System.out.println(System.currentTimeMillis() + " " + Instant.now() + " " + Clock.systemUTC().instant());
                    System.out.println(Object.class.getDeclaredMethods().length);
                }
            }
            """;

    @TempDir
    private Path directory;

    private String builder;

    @BeforeEach
    void builder() {
        builder = System.getenv("GRAALVM_HOME");
        assumeThat(builder).as("GRAALVM_HOME names a builder").isNotNull();
    }

    @Test
    void hashesOrdersAndTimesAreThoseOfEveryRun() throws Exception {
        Path patches = directory.resolve("patches");
        run("./patch-builder", patches.toString(), "1764500000");
        Path program = directory.resolve("Program.java");
        Files.writeString(program, PROGRAM);
        run(builder + "/bin/javac", "-d", directory.toString(), program.toString());
        List<String> compiled = run(patches, "-XX:+UseParallelGC");
        List<String> interpreted = run(patches, "-Xint");
        assertThat(interpreted).isEqualTo(compiled);
        assertThat(compiled.get(1)).isEqualTo(compiled.getFirst() + " 0");
        assertThat(compiled.get(2).split(" ")).doesNotHaveDuplicates();
        assertThat(compiled.get(5)).isEqualTo("Program$$Lambda/2 Program$$Lambda/3");
        assertThat(compiled).containsSubsequence("a 0", "a 1", "b 0", "main 1");
        assertThat(compiled)
                .as("the clock stands still")
                .contains("1764500000000 2025-11-30T10:53:20Z 2025-11-30T10:53:20Z");
        assertThat(compiled.getLast())
                .as("of java.lang.Object, without the added one")
                .isEqualTo(String.valueOf(Object.class.getDeclaredMethods().length));
    }

    @Test
    void optionsOfTheBuilderUseThePatches() throws Exception {
        Path patches = directory.resolve("patches");
        run("./patch-builder", patches.toString(), "1764500000");
        assertThat(Files.readAllLines(patches.resolve("options")))
                .contains(
                        "-J--patch-module=java.base=" + patches.resolve("java.base"),
                        "--parallelism=1",
                        "-H:ImageBuildID=8cad3b59-5092-3571-a5f3-0c479515fd31",
                        "-J-agentpath:" + patches.resolve("libagent.so") + "=1764500000");
        assertThat(patches.resolve("org.graalvm.nativeimage.builder/com/oracle/svm/hosted/meta/HostedUniverse.class"))
                .isRegularFile();
    }

    private List<String> run(Path patches, String option) throws Exception {
        return run(
                builder + "/bin/java",
                option,
                "-XX:+UnlockExperimentalVMOptions",
                "-XX:hashCode=2",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:GuaranteedAsyncDeflationInterval=0",
                "-XX:MonitorUsedDeflationThreshold=0",
                "-XX:DisableIntrinsic=_currentTimeMillis,_nanoTime",
                "-Xlog:jni+resolve=off",
                "-agentpath:" + patches.resolve("libagent.so") + "=1764500000",
                "--patch-module=java.base=" + patches.resolve("java.base"),
                "-cp",
                directory.toString(),
                "Program");
    }

    private static List<String> run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output.lines().toList();
    }
}
