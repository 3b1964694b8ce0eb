package io.rootstock.checkpoint.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.NamedTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifierHeadTest {
    private static final NamedTensor WEIGHT = NamedTensor.of("score.weight", new float[] {1, 2, 3, -1, 0.5f, 0}, 2, 3);

    @TempDir
    Path folder;

    @Test
    void aHeadOfTheFirstFormatReadsTextsWithEos() throws IOException {
        Path file = folder.resolve("head");
        Safetensors.write(
                file,
                List.of(WEIGHT),
                Map.of("format", "rootstock-classifier-head-1", "labels", "[\"a\",\"b\"]", "maximum_tokens", "9"));

        assertThat(ClassifierHead.read(file).withEos()).isTrue();
    }

    @Test
    void givesBackWhatWasWritten() throws IOException {
        Path file = folder.resolve("head");
        ClassifierHead.write(file, WEIGHT, List.of("ham", "spam, \"quoted\""), 120);
        ClassifierHead head = ClassifierHead.read(file);

        assertThat(head.labels()).containsExactly("ham", "spam, \"quoted\"");
        assertThat(head.maxTokens()).isEqualTo(120);
        assertThat(head.withEos()).isFalse();
        assertThat(head.classes()).isEqualTo(2);
        assertThat(head.dimension()).isEqualTo(3);
        assertThat(head.logits(new float[] {1, 1, 2})).containsExactly(9, -0.5f);
    }

    @Test
    void refusesAHiddenStateOfAnotherWidth() {
        ClassifierHead head = new ClassifierHead(WEIGHT.toArray(), List.of("a", "b"), 1, false);

        assertThatThrownBy(() -> head.logits(new float[4])).hasMessageContaining("reads 3 values");
    }

    @Test
    void refusesWhatIsNoHead() throws IOException {
        assertThatThrownBy(() -> ClassifierHead.write(folder.resolve("x"), WEIGHT, List.of("a", "a"), 1))
                .hasMessageContaining("each once");
        assertThatThrownBy(() -> ClassifierHead.write(folder.resolve("x"), WEIGHT, List.of("a", "b", "c"), 1))
                .hasMessageContaining("[3, D]");
        NamedTensor broken = NamedTensor.of("score.weight", new float[] {Float.NaN, 1}, 2, 1);
        assertThatThrownBy(() -> ClassifierHead.write(folder.resolve("x"), broken, List.of("a", "b"), 1))
                .hasMessageContaining("NaN");
        assertThat(folder.resolve("x")).doesNotExist();

        Path other = folder.resolve("other");
        Safetensors.write(other, List.of(WEIGHT), Map.of("format", "pt"));
        assertThatThrownBy(() -> ClassifierHead.read(other)).hasMessageContaining("is not a classifier head");
        Safetensors.write(other, List.of(WEIGHT), Map.of("format", "rootstock-classifier-head-1", "labels", "[\"a\"]"));
        assertThatThrownBy(() -> ClassifierHead.read(other)).hasMessageContaining("does not fit its labels");
        Files.writeString(other, "text, and not a safetensors file");
        assertThatThrownBy(() -> ClassifierHead.read(other)).isInstanceOf(InvalidCheckpointException.class);
    }
}
