package io.rootstock.checkpoint.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.tokenizer.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeftAdapterTest {
    private static final ModelShape MODEL = TinyModel.SHAPE;

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        PeftAdapter written = adapter(4, 0);
        written.write(folder, "prose");
        PeftAdapter read = PeftAdapter.read(folder);
        assertThat(read.rank()).isEqualTo(4);
        assertThat(read.alpha()).isEqualTo(8);
        assertThat(read.rankStabilized()).isTrue();
        assertThat(read.scale()).isEqualTo(4);
        assertThat(read.targets()).containsExactly("q_proj", "v_proj", "down_proj");
        List<NamedTensor> tensors = read.inOrder(MODEL);
        assertThat(tensors).hasSameSizeAs(written.tensors());
        for (int i = 0; i < tensors.size(); i++) {
            assertThat(tensors.get(i).name()).isEqualTo(written.tensors().get(i).name());
            assertThat(tensors.get(i).toArray())
                    .isEqualTo(written.tensors().get(i).toArray());
        }
    }

    @Test
    void namesAreThoseOfPeft() throws IOException {
        adapter(2, 3).write(folder, "prose");
        try (Safetensors file = Safetensors.open(folder.resolve("adapter_model.safetensors"))) {
            assertThat(file.names())
                    .contains(
                            "base_model.model.model.layers.1.self_attn.q_proj.lora_A.weight",
                            "base_model.model.model.layers.0.mlp.down_proj.lora_B.weight",
                            "base_model.model.score.weight");
        }
        assertThat(Files.readString(folder.resolve("adapter_config.json")))
                .contains("\"SEQ_CLS\"", "\"modules_to_save\" : [ \"score\" ]", "\"lora_alpha\" : 8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"use_dora\" : false | \"use_dora\" : true | use_dora",
                "\"bias\" : \"none\" | \"bias\" : \"all\" | bias",
                "\"rank_pattern\" : { } | \"rank_pattern\" : { \"a\" : 1 } | rank_pattern",
                "\"layers_to_transform\" : null | \"layers_to_transform\" : [ 1 ] | layers_to_transform",
                "\"peft_type\" : \"LORA\" | \"peft_type\" : \"IA3\" | peft_type",
                "\"r\" : 4 | \"r\" : 0 | rank",
                "q_proj | c_attn | target modules"
            })
    void whatWouldBeSilentlyWrongIsRefused(String before, String after, String reason) throws IOException {
        adapter(4, 0).write(folder, "prose");
        Path config = folder.resolve("adapter_config.json");
        String text = Files.readString(config);
        assertThat(text).contains(before);
        Files.writeString(config, text.replace(before, after));
        assertThatThrownBy(() -> PeftAdapter.read(folder))
                .isInstanceOf(InvalidCheckpointException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void anAdapterOfAnotherModelIsNamedAsSuch() {
        PeftAdapter adapter = adapter(4, 0);
        List<NamedTensor> fewer = new ArrayList<>(adapter.tensors());
        fewer.removeLast();
        PeftAdapter incomplete = new PeftAdapter(4, 8, true, adapter.targets(), fewer);
        assertThatThrownBy(() -> incomplete.inOrder(MODEL)).hasMessageContaining("lora_B.weight is missing");
    }

    private static PeftAdapter adapter(int rank, int classes) {
        List<String> targets = List.of("v_proj", "q_proj", "down_proj");
        PeftAdapter settings = new PeftAdapter(rank, 8, true, targets, List.of());
        Random random = new Random(1);
        List<NamedTensor> tensors = new ArrayList<>();
        for (Map.Entry<String, long[]> entry :
                settings.expected(MODEL.withClasses(classes)).entrySet()) {
            float[] values = new float[(int) (entry.getValue()[0] * entry.getValue()[1])];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            tensors.add(NamedTensor.of(entry.getKey(), values, entry.getValue()));
        }
        return new PeftAdapter(rank, 8, true, targets, tensors);
    }
}
