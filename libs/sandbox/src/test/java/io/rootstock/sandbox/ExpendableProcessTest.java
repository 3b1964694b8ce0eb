package io.rootstock.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.sandbox.ExpendableProcess.End;
import io.rootstock.sandbox.ExpendableProcess.Kind;
import io.rootstock.sandbox.ExpendableProcess.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class ExpendableProcessTest {
    private static final Limits AMPLE = Limits.of(Duration.ofMinutes(4));

    @TempDir
    Path folder;

    /** Starts a child that never ends by itself. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) throws InterruptedException {
            ExpendableProcess.endWithParent();
            System.out.println("lives");
            new CountDownLatch(1).await();
        }
    }

    @Test
    void whatAChildPrintsIsItsResult() {
        End end = shell("echo one; echo two; echo words >&2", AMPLE);
        assertThat(end).isEqualTo(new End(Kind.DONE, 0, List.of("one", "two"), "words"));
    }

    @Test
    void aChildThatAbortsIsToldWithItsLastWords() {
        End end = shell("echo early >&2; echo 'file.cpp:1: GGML_ASSERT(x) failed' >&2; kill -ABRT $$", AMPLE);
        assertThat(end.kind()).isEqualTo(Kind.DIED);
        assertThat(end.reason())
                .isEqualTo("its process ended with exit code 134 (early | file.cpp:1: GGML_ASSERT(x) failed)");
    }

    @Test
    void aChildIsKilledBeyondItsLimits() {
        assertThat(shell("exec sleep 1000", Limits.of(Duration.ofMillis(1))).kind())
                .isEqualTo(Kind.OVERTIME);
        assertThat(shell("exec sleep 1000", new Limits(AMPLE.time(), 1)).kind()).isEqualTo(Kind.OVERSIZED);
    }

    @Test
    void aChildIsKilledWhenItIsNoLongerWanted() {
        End end = ExpendableProcess.run(new ProcessBuilder("sleep", "1000"), folder, AMPLE, () -> false);
        assertThat(end.kind()).isEqualTo(Kind.UNWANTED);
    }

    @Test
    void aChildEndsWithItsParent() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName())
                .redirectErrorStream(true)
                .start();
        assertThat(child.inputReader().readLine()).isEqualTo("lives");
        // As the operating system does when the parent ends.
        child.getOutputStream().close();
        assertThat(child.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(child.exitValue()).isEqualTo(1);
    }

    private End shell(String script, Limits limits) {
        return ExpendableProcess.run(new ProcessBuilder("sh", "-c", script), folder, limits, () -> true);
    }
}
