package io.rootstock.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {256, 65_536, 65_537, 200_000})
    void documentsComeBackAtEveryTokenWidth(int vocabularySize) throws IOException {
        Random random = new Random(vocabularySize);
        List<int[]> rows = new ArrayList<>();
        ShardWriter writer = new ShardWriter(DatasetKind.PRETRAINING, vocabularySize);
        for (int row = 0; row < 300; row++) {
            int[] tokens = random.ints(random.nextInt(40), 0, vocabularySize).toArray();
            rows.add(tokens);
            writer.addDocument(tokens);
        }
        rows.add(new int[] {vocabularySize - 1});
        writer.addDocument(rows.getLast());
        Path file = folder.resolve("shard");
        writer.write(file);
        try (Shard shard = Shard.open(file)) {
            assertThat(shard.rows()).isEqualTo(301).isEqualTo(writer.rows());
            assertThat(shard.tokens()).isEqualTo(writer.tokens());
            int position = 0;
            for (int row = 0; row < rows.size(); row++) {
                assertThat(shard.row(row)).isEqualTo(rows.get(row));
                assertThat(shard.offset(row)).isEqualTo(position);
                for (int token : rows.get(row)) {
                    assertThat(shard.token(position++)).isEqualTo(token);
                }
            }
            int[] all = new int[position + 1];
            shard.copyTokens(0, all, 1, position);
            assertThat(all[1 + (int) shard.offset(17)]).isEqualTo(shard.token(shard.offset(17)));
        }
    }

    @Test
    void answerMasksComeBack() throws IOException {
        ShardWriter writer = new ShardWriter(DatasetKind.INSTRUCTION, 300);
        writer.addExample(new int[] {1, 2, 3}, new byte[] {0, 1, 1});
        writer.addExample(new int[] {4, 299}, new byte[] {1, 0});
        Path file = folder.resolve("shard");
        writer.write(file);
        try (Shard shard = Shard.open(file)) {
            assertThat(shard.kind()).isEqualTo(DatasetKind.INSTRUCTION);
            assertThat(shard.mask(0)).containsExactly(0, 1, 1);
            assertThat(shard.mask(1)).containsExactly(1, 0);
            assertThatThrownBy(() -> shard.label(0)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void labelsComeBack() throws IOException {
        ShardWriter writer = new ShardWriter(DatasetKind.CLASSIFICATION, 300);
        for (int row = 0; row < 200; row++) {
            writer.addLabelled(new int[] {row}, row % 3);
        }
        Path file = folder.resolve("shard");
        writer.write(file);
        try (Shard shard = Shard.open(file)) {
            for (int row = 0; row < 200; row++) {
                assertThat(shard.label(row)).isEqualTo(row % 3);
            }
        }
    }

    @Test
    void anEmptyShardIsValid() throws IOException {
        Path file = folder.resolve("shard");
        new ShardWriter(DatasetKind.INSTRUCTION, 10).write(file);
        try (Shard shard = Shard.open(file)) {
            assertThat(shard.rows()).isZero();
            assertThat(shard.offset(0)).isZero();
        }
    }

    @Test
    void truncatedOrForeignFilesAreRefused() throws IOException {
        ShardWriter writer = new ShardWriter(DatasetKind.PRETRAINING, 300);
        writer.addDocument(new int[] {1, 2, 3});
        Path file = folder.resolve("shard");
        writer.write(file);
        byte[] bytes = Files.readAllBytes(file);
        for (int length = 0; length < bytes.length; length++) {
            Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> Shard.open(cut).close()).isInstanceOf(InvalidDatasetException.class);
        }
        bytes[(int) ShardLayout.ROWS + 7] = 0x7F;
        Path forged = Files.write(folder.resolve("forged"), bytes);
        assertThatThrownBy(() -> Shard.open(forged).close()).isInstanceOf(InvalidDatasetException.class);
    }

    @Test
    void tokensOutsideTheVocabularyAreRefused() {
        ShardWriter writer = new ShardWriter(DatasetKind.PRETRAINING, 300);
        assertThatThrownBy(() -> writer.addDocument(new int[] {300}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("300");
    }
}
