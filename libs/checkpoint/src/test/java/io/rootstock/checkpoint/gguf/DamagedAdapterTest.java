package io.rootstock.checkpoint.gguf;

import static io.rootstock.checkpoint.gguf.GgufBytes.end;
import static io.rootstock.checkpoint.gguf.GgufBytes.put;
import static io.rootstock.checkpoint.gguf.GgufBytes.rename;
import static io.rootstock.checkpoint.gguf.GgufBytes.replace;
import static io.rootstock.checkpoint.gguf.GgufBytes.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.huggingface.PeftAdapter;
import io.rootstock.checkpoint.tokenizer.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each test damages one part of a valid adapter and expects an error about that part. */
class DamagedAdapterTest {
    private static final String QUERY = "blk.0.attn_q.weight.lora_a";

    @TempDir
    static Path folder;

    private static byte[] good;

    @BeforeAll
    static void write() throws IOException {
        Path file = folder.resolve("good.gguf");
        GgufAdapter.write(file, TinyModel.SHAPE, adapter(), "tiny");
        good = Files.readAllBytes(file);
    }

    private static PeftAdapter adapter() {
        PeftAdapter empty = new PeftAdapter(4, 8, false, List.of("q_proj", "down_proj"), List.of());
        List<NamedTensor> tensors = new ArrayList<>();
        empty.expected(TinyModel.SHAPE).forEach((name, shape) -> {
            float[] values = new float[(int) NamedTensor.elements(shape)];
            Arrays.fill(values, 0.5f);
            tensors.add(NamedTensor.of(name, values, shape));
        });
        return new PeftAdapter(4, 8, false, List.of("q_proj", "down_proj"), tensors);
    }

    @Test
    void statesWhatAGoodOneChanges() throws IOException {
        Path file = Files.write(folder.resolve("read.gguf"), good);

        assertThat(GgufAdapterValidator.validate(file, TinyModel.SHAPE))
                .isEqualTo(new GgufAdapterValidator.Adapter(4, 8, 4));
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                damage("empty", bytes -> new byte[0], "the file ends within the magic"),
                damage("magic", bytes -> put(bytes, 0, 0x46554748), "does not begin with GGUF"),
                damage("a model", bytes -> replace(bytes, "adapter", "modeler"), "general.type must be adapter"),
                damage("no type", bytes -> rename(bytes, "general.type"), "general.type is missing"),
                damage("other architecture", bytes -> replace(bytes, "llama", "qwen2"), "architecture must be llama"),
                damage("other method", bytes -> replace(bytes, "lora", "dora"), "adapter.type must be lora"),
                damage("no alpha", bytes -> rename(bytes, "adapter.lora.alpha"), "adapter.lora.alpha is missing"),
                damage(
                        "alpha not a number",
                        bytes -> value(bytes, "adapter.lora.alpha", 0x7fc00000),
                        "must be a positive number"),
                damage("alpha of nothing", bytes -> value(bytes, "adapter.lora.alpha", 0), "must be a positive number"),
                damage("no tensors", bytes -> put(bytes, 8, 0L), "has no tensors"),
                damage("one tensor fewer", bytes -> put(bytes, 8, 7L), "without its other part"),
                damage("one tensor more", bytes -> put(bytes, 8, 9L), "tensor 8"),
                damage(
                        "part of no name",
                        bytes -> replace(bytes, QUERY, "blk.0.attn_q.weight.lora_c"),
                        "not part of an adapter"),
                damage(
                        "matrix of no name",
                        bytes -> replace(bytes, QUERY, "blk.0.attn_z.weight.lora_a"),
                        "no matrix of the model"),
                damage(
                        "layer that there is not",
                        bytes -> replace(bytes, QUERY, "blk.7.attn_q.weight.lora_a"),
                        "no matrix of the model"),
                damage(
                        "norm",
                        bytes -> replace(bytes, "blk.0.ffn_down.weight.lora_a", "blk.0.ffn_norm.weight.lora_a"),
                        "no matrix of the model"),
                damage("twice", bytes -> replace(bytes, QUERY, "blk.1.attn_q.weight.lora_a"), "is there twice"),
                damage("rank of one side", bytes -> put(bytes, end(bytes, QUERY) + 12, 3L), "must have"),
                damage("rank of nothing", bytes -> put(bytes, end(bytes, QUERY) + 12, 0L), "impossible dimension"),
                damage(
                        "rank beyond the matrix",
                        bytes -> put(bytes, end(bytes, QUERY) + 12, 5000L),
                        "impossible rank 5000"),
                damage("width", bytes -> put(bytes, end(bytes, QUERY) + 4, 8L), "must have [4, 16]"),
                damage("one dimension", bytes -> put(bytes, end(bytes, QUERY), 1), "unknown type|two dimensions|must"),
                damage("unknown type", bytes -> put(bytes, end(bytes, QUERY) + 20, 99), "the unknown type 99"),
                damage("rows of blocks", bytes -> put(bytes, end(bytes, QUERY) + 20, 8), "Q8_0 cannot hold"),
                damage(
                        "overlap",
                        bytes -> put(bytes, end(bytes, "blk.0.attn_q.weight.lora_b") + 24, 0L),
                        "must lie at"),
                damage("data cut", bytes -> Arrays.copyOf(bytes, bytes.length - 64), "beyond the end of the file"),
                damage("data too long", bytes -> Arrays.copyOf(bytes, bytes.length + 64), "after the last tensor"),
                damage("NaN", bytes -> put(bytes, bytes.length - 64, 0x7fc00000), "holds a NaN"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void isRefusedWithTheReason(String name, UnaryOperator<byte[]> damage, String reason) throws IOException {
        Path file = Files.write(folder.resolve("damaged.gguf"), damage.apply(good.clone()));

        assertThatThrownBy(() -> GgufAdapterValidator.validate(file, TinyModel.SHAPE))
                .isInstanceOf(InvalidGgufException.class)
                .hasMessageMatching("(?s).*(" + reason.replace("[", "\\[").replace("]", "\\]") + ").*");
    }

    @Test
    void isRefusedBesideAnotherModel() throws IOException {
        ModelShape wider = new ModelShape(TinyModel.VOCABULARY, 32, 2, 4, 2, 24, 64, 1e-5, 10_000, true, 0);
        Path file = Files.write(folder.resolve("other.gguf"), good);

        assertThatThrownBy(() -> GgufAdapterValidator.validate(file, wider))
                .isInstanceOf(InvalidGgufException.class)
                .hasMessageContaining("must have [4, 32]");
    }

    private static Arguments damage(String name, UnaryOperator<byte[]> damage, String reason) {
        return Arguments.of(name, damage, reason);
    }
}
