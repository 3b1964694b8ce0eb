package io.rootstock.checkpoint.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.tokenizer.TinyModel;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufTest {
    @TempDir
    Path folder;

    private TokenizerFiles tokenizer;
    private Path file;

    @BeforeEach
    void prepare() throws IOException {
        tokenizer = TokenizerFiles.read(TinyModel.tokenizer(folder.resolve("tokenizer")));
        file = folder.resolve("model.gguf");
    }

    @Test
    void statesTheModelsShape() throws IOException {
        for (boolean tied : new boolean[] {true, false}) {
            ModelConfig config = TinyModel.CONFIG.withShape(
                    new ModelShape(TinyModel.VOCABULARY, 16, 3, 4, 2, 24, 64, 0.5, 20_000, tied, 0)
                            .withHeadDimension(8));
            Gguf.writeLlama(file, config, TinyModel.tensors(config.shape()), tokenizer, "tiny");

            assertThat(GgufValidator.validate(file)).isEqualTo(config);
        }
    }

    @Test
    void leavesTheHeadOfAClassifierOut() throws IOException {
        ModelShape classifier = TinyModel.SHAPE.withClasses(3);
        Gguf.writeLlama(file, TinyModel.CONFIG.withShape(classifier), TinyModel.tensors(classifier), tokenizer, "tiny");

        // float32 cannot hold 1e-5 exactly.
        ModelConfig read = GgufValidator.validate(file);
        assertThat(read.shape().normEpsilon()).isCloseTo(1e-5, Offset.offset(1e-12));
        assertThat(read.shape().tiedEmbeddings()).isTrue();
    }

    @Test
    void writesEveryKeyThatLlamaCppWouldOtherwiseGuess() throws IOException {
        Gguf.writeLlama(file, TinyModel.CONFIG, TinyModel.tensors(TinyModel.SHAPE), tokenizer, "tiny");
        GgufHeader header = header();

        assertThat(header.keys())
                .containsEntry("general.name", "tiny")
                .containsEntry("general.file_type", 0L)
                .containsEntry("general.quantization_version", 2L)
                .containsEntry("llama.attention.head_count_kv", 2L)
                .containsEntry("llama.rope.dimension_count", 4L)
                .containsEntry("tokenizer.ggml.pre", "gpt-2")
                .containsEntry("tokenizer.ggml.bos_token_id", 258L)
                .containsEntry("tokenizer.ggml.eos_token_id", 259L)
                .containsEntry("tokenizer.ggml.eot_token_id", 261L)
                .containsEntry("tokenizer.ggml.padding_token_id", 262L)
                .containsEntry("tokenizer.ggml.add_bos_token", true)
                .containsEntry("tokenizer.ggml.add_eos_token", false)
                .containsEntry("tokenizer.chat_template", "{{ messages }}");
        assertThat(header.integers("tokenizer.ggml.token_type").subList(256, 263))
                .containsExactly(1L, 1L, 3L, 3L, 3L, 3L, 3L);
        assertThat(header.texts("tokenizer.ggml.tokens")).isEqualTo(tokenizer.tokens());
        assertThat(header.texts("tokenizer.ggml.merges")).isEqualTo(tokenizer.merges());
    }

    @Test
    void bringsThePairsOfQueriesAndKeysTogetherAndNothingElse() throws IOException {
        List<NamedTensor> tensors = TinyModel.tensors(TinyModel.SHAPE);
        Gguf.writeLlama(file, TinyModel.CONFIG, tensors, tokenizer, "tiny");

        for (NamedTensor tensor : tensors) {
            int heads = tensor.name().contains("q_proj") ? 4 : tensor.name().contains("k_proj") ? 2 : 0;
            assertThat(read(GgufNames.of(tensor.name())))
                    .as(tensor.name())
                    .isEqualTo(heads == 0 ? tensor.toArray() : permuted(tensor, heads));
        }
    }

    @Test
    void refusesATokenizerOfAnotherSize() {
        ModelShape other = new ModelShape(262, 16, 1, 4, 2, 24, 64, 1e-5, 10_000, true, 0);

        assertThatThrownBy(() -> Gguf.writeLlama(
                        file, TinyModel.CONFIG.withShape(other), TinyModel.tensors(other), tokenizer, "tiny"))
                .hasMessageContaining("262 tokens");
        assertThat(file).doesNotExist();
    }

    @Test
    void knowsLlamaCppsNamesOfThePreTokenizers() throws IOException {
        assertThat(GgufPreTokenizer.nameOf(tokenizer("gpt2", false))).isEqualTo("gpt-2");
        assertThat(GgufPreTokenizer.nameOf(tokenizer("llama3", true))).isEqualTo("llama-bpe");
        assertThat(GgufPreTokenizer.nameOf(tokenizer("llama3", false))).isEqualTo("dbrx");
        assertThat(GgufPreTokenizer.nameOf(tokenizer("cl100k", false))).isEqualTo("dbrx");
        TokenizerFiles without = tokenizer("gpt2", true);
        assertThatThrownBy(() -> GgufPreTokenizer.nameOf(without)).hasMessageContaining("ignore_merges");
    }

    /** numpy's w.reshape(heads, 2, half, in).swapaxes(1, 2), element by element. */
    private static float[] permuted(NamedTensor tensor, int heads) {
        int columns = (int) tensor.shape()[1];
        int headDimension = (int) tensor.shape()[0] / heads;
        float[] from = tensor.toArray();
        float[] to = new float[from.length];
        for (int head = 0; head < heads; head++) {
            for (int part = 0; part < 2; part++) {
                for (int i = 0; i < headDimension / 2; i++) {
                    int source = head * headDimension + part * headDimension / 2 + i;
                    int target = head * headDimension + i * 2 + part;
                    System.arraycopy(from, source * columns, to, target * columns, columns);
                }
            }
        }
        return to;
    }

    private TokenizerFiles tokenizer(String preTokenizer, boolean ignoreMerges) throws IOException {
        return TokenizerFiles.read(TinyModel.tokenizer(folder.resolve("tokenizer"), preTokenizer, ignoreMerges));
    }

    private GgufHeader header() throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file)) {
            return GgufReader.read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        }
    }

    private float[] read(String name) throws IOException {
        GgufHeader header = header();
        List<GgufHeader.Tensor> found = new ArrayList<>(header.tensors());
        found.removeIf(tensor -> !tensor.name().equals(name));
        GgufHeader.Tensor tensor = found.getFirst();
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file)) {
            MemorySegment bytes = channel.map(
                    FileChannel.MapMode.READ_ONLY, header.dataStart() + tensor.offset(), tensor.bytes(), arena);
            return bytes.toArray(ValueLayout.JAVA_FLOAT);
        }
    }
}
