package io.rootstock.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.huggingface.PeftAdapter;
import io.rootstock.checkpoint.tokenizer.TinyModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
}
