package io.rootstock.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.dataset.mixture.SamplerPosition;
import io.rootstock.trainer.schedule.SpikeGuard;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointsTest {
    private static final SpikeGuard.State SPIKES = new SpikeGuard.State(1.5, 0.25, 60, 1, 2);
    private static final SamplerPosition POSITION =
            new SamplerPosition(7, List.of(4L, 3L), List.of(0.1 + 0.2, -0.1 - 0.2));

    @TempDir
    Path directory;

    private final MemorySegment weights = Arena.ofAuto().allocate(4000, 4);
    private final List<String> reports = new ArrayList<>();
    private Checkpoints checkpoints;

    @BeforeEach
    void open() {
        checkpoints = new Checkpoints(directory.resolve("checkpoints"));
    }

    @Test
    void aWrittenCheckpointIsReadBack() {
        write(7, 0.1f);
        weights.fill((byte) 0);
        assertThat(read()).hasValueSatisfying(state -> {
            assertThat(state.step()).isEqualTo(7);
            assertThat(state.startMetrics()).containsEntry("start", 1.5);
            assertThat(state.secondsSpent()).isEqualTo(0.1 + 0.2);
            assertThat(state.data()).isEqualTo(POSITION);
        });
        assertThat(weights.getAtIndex(ValueLayout.JAVA_FLOAT, 999)).isEqualTo(0.1f);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aCheckpointOfAnEarlierVersionIsRead(int version) throws Exception {
        write(7, 0.1f);
        Path index = directory.resolve("checkpoints/step-7/checkpoint.json");
        String text = Files.readString(index)
                .replace("\"formatVersion\":3", "\"formatVersion\":" + version)
                .replaceAll(",\"data\":\\{[^}]*\\}", "");
        if (version == 1) {
            text = text.replaceAll(",\"spikes\":\\{[^}]*\\}", "");
        }
        assertThat(text).contains("\"formatVersion\":" + version).doesNotContain("\"data\"");
        Files.writeString(index, text);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        Files.writeString(
                directory.resolve("checkpoints/step-7/checkpoint.sha256"),
                HexFormat.of().formatHex(digest));
        assertThat(read()).hasValueSatisfying(state -> {
            assertThat(state.step()).isEqualTo(7);
            assertThat(state.spikes()).isEqualTo(version == 1 ? SpikeGuard.State.NEW : SPIKES);
            assertThat(state.data()).isNull();
        });
        assertThat(reports).isEmpty();
    }

    @Test
    void onlyTheNewestAreKept() {
        for (int step = 1; step <= 12; step++) {
            write(step, step);
        }
        assertThat(checkpoints.steps()).containsExactly(12L, 11L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"weights.f32", "checkpoint.json", "checkpoint.sha256"})
    void aCorruptCheckpointIsReplacedByThePreviousOne(String file) throws IOException {
        write(1, 1f);
        write(2, 2f);
        Path damaged = directory.resolve("checkpoints/step-2").resolve(file);
        try (FileChannel channel = FileChannel.open(damaged, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {'9'}), 10);
        }
        assertThat(read()).hasValueSatisfying(state -> assertThat(state.step()).isEqualTo(1));
        assertThat(weights.getAtIndex(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(1f);
        assertThat(reports).singleElement().asString().contains("step 2 is corrupt");
        assertThat(checkpoints.steps()).containsExactly(1L);
    }

    @Test
    void aTruncatedOrMissingFileMakesACheckpointCorrupt() throws IOException {
        write(1, 1f);
        write(2, 2f);
        write(3, 3f);
        Files.delete(directory.resolve("checkpoints/step-2/weights.f32"));
        checkpoints.write(state(4), Map.of("weights.f32", weights), 9);
        Files.write(directory.resolve("checkpoints/step-4/weights.f32"), new byte[10]);
        assertThat(read()).hasValueSatisfying(state -> assertThat(state.step()).isEqualTo(3));
    }

    @Test
    void anUnfinishedCheckpointIsIgnored() throws IOException {
        write(1, 1f);
        Files.createDirectories(directory.resolve("checkpoints/.unfinished-2"));
        assertThat(read()).hasValueSatisfying(state -> assertThat(state.step()).isEqualTo(1));
        write(2, 2f);
        assertThat(checkpoints.steps()).containsExactly(2L, 1L);
    }

    @Test
    void anEmptyDirectoryHasNoCheckpoint() {
        assertThat(read()).isEmpty();
        assertThat(reports).isEmpty();
    }

    @Test
    void theNewestReadableCheckpointOfAnotherRunIsAddedWithoutItsCountOfValidations() throws IOException {
        write(1, 1f);
        write(2, 2f);
        write(3, 3f);
        Files.writeString(directory.resolve("checkpoints/step-3/checkpoint.sha256"), "0");
        Checkpoints added = new Checkpoints(directory.resolve("added"));
        assertThat(added.addNewestOf(checkpoints, 0)).hasValue(2);
        checkpoints = added;
        weights.fill((byte) 0);
        assertThat(read())
                .contains(new TrainingState(
                        TrainingState.FORMAT_VERSION,
                        2,
                        2,
                        42,
                        100,
                        0.1 + 0.2,
                        Map.of("start", 1.5),
                        -1,
                        0.0,
                        0,
                        SPIKES,
                        POSITION));
        assertThat(weights.getAtIndex(ValueLayout.JAVA_FLOAT, 0)).isEqualTo(2f);
        assertThat(new Checkpoints(directory.resolve("empty"))
                        .addNewestOf(new Checkpoints(directory.resolve("none")), 0))
                .isEmpty();
    }

    private Optional<TrainingState> read() {
        return checkpoints.readNewest(
                name -> name.equals("weights.f32") ? Optional.of(weights) : Optional.empty(), reports::add);
    }

    private void write(long step, float value) {
        for (int i = 0; i < 1000; i++) {
            weights.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
        }
        checkpoints.write(state(step), Map.of("weights.f32", weights), step < 3 ? 9 : 2);
    }

    private static TrainingState state(long step) {
        return new TrainingState(
                TrainingState.FORMAT_VERSION,
                step,
                step,
                42,
                100,
                0.1 + 0.2,
                Map.of("start", 1.5),
                -1,
                0.0,
                3,
                SPIKES,
                POSITION);
    }
}
