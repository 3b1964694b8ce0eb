package io.rootstock.trainer.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.trainer.events.TensorBoardFiles.Entry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorBoardLogTest {
    @TempDir
    Path folder;

    @Test
    void scalarsAndTextsAreReadBack() throws Exception {
        try (TensorBoardLog log = TensorBoardLog.open(folder, 0)) {
            log.scalars(0, Map.of("training/loss", 5.5));
            log.scalars(10, Map.of("training/loss", 2.25));
            log.text(10, "sample/To be", ", or not\u2026");
        }
        List<Entry> entries = TensorBoardFiles.read(folder);
        assertThat(TensorBoardFiles.curve(entries, "training/loss"))
                .containsExactly(Map.entry(0L, 5.5f), Map.entry(10L, 2.25f));
        assertThat(entries.getLast().tag()).isEqualTo("sample/To be");
        assertThat(entries.getLast().text()).isEqualTo(", or not\u2026");
    }

    @Test
    void aResumedRunReplacesLaterSteps() throws Exception {
        try (TensorBoardLog log = TensorBoardLog.open(folder, 0)) {
            for (long step = 0; step <= 12; step++) {
                log.scalars(step, Map.of("training/loss", 1.0));
            }
        }
        try (TensorBoardLog log = TensorBoardLog.open(folder, 10)) {
            for (long step = 11; step <= 14; step++) {
                log.scalars(step, Map.of("training/loss", 2.0));
            }
        }
        assertThat(TensorBoardFiles.curve(TensorBoardFiles.read(folder), "training/loss"))
                .hasSize(15)
                .containsEntry(10L, 1.0f)
                .containsEntry(11L, 2.0f)
                .containsEntry(14L, 2.0f);
    }

    @Test
    void aRunKilledBeforeItsFirstCheckpointReplacesAllSteps() throws Exception {
        try (TensorBoardLog log = TensorBoardLog.open(folder, 0)) {
            log.scalars(0, Map.of("validation/loss", 1.0));
            log.scalars(3, Map.of("training/loss", 1.0));
        }
        try (TensorBoardLog log = TensorBoardLog.open(folder, 0)) {
            log.scalars(0, Map.of("validation/loss", 1.0));
        }
        assertThat(TensorBoardFiles.read(folder)).hasSize(1);
    }
}
