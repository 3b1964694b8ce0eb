package io.rootstock.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.DirectoryArtifactStore;
import io.rootstock.dataset.DatasetManifest;
import io.rootstock.trainer.plan.DataFacts;
import io.rootstock.trainer.v1.Task;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetFactsTest {
    @TempDir
    Path directory;

    @Test
    void theLengthOfAPairIsTwiceItsLongerAnswer() throws IOException {
        ArtifactStore store = new DirectoryArtifactStore(directory);
        DatasetManifest manifest = DatasetManifest.read(store, Datasets.preferences(store, 100));
        DataFacts facts = DatasetFacts.of(store, manifest, Task.TASK_PREFERENCE);
        // BOS, "say fox: ", "soup!", EOS
        assertThat(facts.longestRow()).isEqualTo(2 * (1 + "say fox: soup!".length() + 1));
        assertThat(facts.rowLengths()).containsOnly(facts.longestRow());
    }
}
