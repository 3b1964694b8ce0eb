package io.rootstock.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.huggingface.PeftAdapter;
import io.rootstock.checkpoint.tokenizer.TinyModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufAdapterTest {
    private static final List<String> TARGETS = List.of("v_proj", "q_proj", "down_proj");

    @TempDir
    Path folder;

    @Test
    void statesWhatLlamaCppMultipliesWith() throws IOException {
        List<NamedTensor> tensors = new ArrayList<>();
        new PeftAdapter(4, 8, true, TARGETS, List.of())
                .expected(TinyModel.SHAPE.withClasses(3))
                .forEach((name, shape) ->
                        tensors.add(NamedTensor.of(name, new float[(int) NamedTensor.elements(shape)], shape)));
        Path file = folder.resolve("adapter.gguf");

        GgufAdapter.write(file, TinyModel.SHAPE.withClasses(3), new PeftAdapter(4, 8, true, TARGETS, tensors), "tuned");

        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(bytes).contains("adapter.lora.alpha", "blk.1.attn_q.weight.lora_a", "blk.0.ffn_down.weight.lora_b");
        assertThat(bytes).doesNotContain("score");
    }

    @Test
    void anAdapterReadFromAFileHasTheRowsAndScaleOfTheWrittenOne() throws IOException {
        PeftAdapter written = random(TARGETS, 4);
        Path file = folder.resolve("adapter.gguf");
        GgufAdapter.write(file, TinyModel.SHAPE, written, "tuned");

        PeftAdapter read = GgufAdapterReader.read(file, TinyModel.SHAPE);

        assertThat(read.rank()).isEqualTo(4);
        assertThat(read.scale()).isCloseTo(written.scale(), within(1e-6));
        assertThat(read.rankStabilized()).isFalse();
        assertThat(read.targets()).containsExactly("q_proj", "v_proj", "down_proj");
        List<NamedTensor> tensors = read.inOrder(TinyModel.SHAPE);
        List<NamedTensor> expected = written.inOrder(TinyModel.SHAPE);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(tensors.get(i).name()).isEqualTo(expected.get(i).name());
            assertThat(tensors.get(i).toArray())
                    .as(tensors.get(i).name())
                    .containsExactly(expected.get(i).toArray());
        }
    }

    @Test
    void anAdapterOfAnotherShapeIsRefused() throws IOException {
        Path file = folder.resolve("adapter.gguf");
        GgufAdapter.write(file, TinyModel.SHAPE, random(TARGETS, 4), "tuned");

        ModelShape oneLayer = new ModelShape(TinyModel.VOCABULARY, 16, 1, 4, 2, 24, 64, 1e-5, 10_000, true, 0);
        assertThatThrownBy(() -> GgufAdapterReader.read(file, oneLayer))
                .isInstanceOf(InvalidGgufException.class)
                .hasMessageContaining("is for no matrix of the model");
    }

    private static PeftAdapter random(List<String> targets, int rank) {
        Random random = new Random(1);
        List<NamedTensor> tensors = new ArrayList<>();
        new PeftAdapter(rank, 8, true, targets, List.of())
                .expected(TinyModel.SHAPE)
                .forEach((name, shape) -> {
                    float[] values = new float[(int) NamedTensor.elements(shape)];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (float) random.nextGaussian();
                    }
                    tensors.add(NamedTensor.of(name, values, shape));
                });
        return new PeftAdapter(rank, 8, true, targets, tensors);
    }
}
