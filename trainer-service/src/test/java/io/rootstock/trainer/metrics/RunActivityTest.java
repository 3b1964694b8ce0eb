package io.rootstock.trainer.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.trainer.events.EventLog;
import io.rootstock.trainer.run.RunDirectory;
import io.rootstock.trainer.v1.RunCheckpoint;
import io.rootstock.trainer.v1.RunEvent;
import io.rootstock.trainer.v1.RunMessage;
import io.rootstock.trainer.v1.RunProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunActivityTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @TempDir
    private Path folder;

    private final RunActivity activity = new RunActivity();

    @Test
    void isZeroWithoutARun() {
        assertThat(activity.read(List.of(), Instant.now())).isEqualTo(new RunActivity.Figures(0, 0, 0));
    }

    @Test
    void sumsTheSpeedsOfRunsThatReport() throws IOException {
        RunDirectory one = run("one");
        RunDirectory two = run("two");
        append(one, progress(100), progress(300));
        append(two, progress(50));
        Instant now = Instant.now();
        assertThat(activity.read(List.of(one, two), now).tokensPerSecond()).isEqualTo(350);
        append(two, progress(60));
        assertThat(activity.read(List.of(one, two), now).tokensPerSecond()).isEqualTo(360);
        assertThat(activity.read(List.of(two), now).tokensPerSecond()).isEqualTo(60);
        RunActivity.Figures silent = activity.read(List.of(two), now.plus(HOUR));
        assertThat(silent.tokensPerSecond()).isZero();
        assertThat(silent.eventAge()).isCloseTo(3600, within(60.0));
    }

    @Test
    void measuresTheAgeOfCheckpointsFromTheFirstEvent() throws IOException {
        RunDirectory run = run("one");
        append(run, progress(1));
        Instant now = Instant.now();
        assertThat(activity.read(List.of(run), now.plus(HOUR)).checkpointAge()).isCloseTo(3600, within(60.0));
        append(
                run,
                RunEvent.newBuilder().setCheckpoint(RunCheckpoint.newBuilder().setStep(3)),
                progress(1));
        assertThat(activity.read(List.of(run), Instant.now()).checkpointAge()).isBetween(0.0, 60.0);
    }

    @Test
    void readsTheEndOfALongLogOnly() throws IOException {
        RunDirectory run = run("one");
        append(run, progress(7));
        RunEvent.Builder large =
                RunEvent.newBuilder().setMessage(RunMessage.newBuilder().setText("x".repeat(1 << 16)));
        for (int i = 0; i < 20; i++) {
            append(run, large);
        }
        assertThat(activity.read(List.of(run), Instant.now()).tokensPerSecond()).isZero();
        append(run, progress(8));
        assertThat(activity.read(List.of(run), Instant.now()).tokensPerSecond()).isEqualTo(8);
    }

    private RunDirectory run(String id) throws IOException {
        return new RunDirectory(Files.createDirectory(folder.resolve(id)));
    }

    private static RunEvent.Builder progress(double speed) {
        return RunEvent.newBuilder().setProgress(RunProgress.newBuilder().setTokensPerSecond(speed));
    }

    private static void append(RunDirectory run, RunEvent.Builder... events) {
        try (EventLog log = EventLog.open(run.events())) {
            for (RunEvent.Builder event : events) {
                assertThat(log.append(event).getSequence()).isPositive();
            }
        }
    }
}
