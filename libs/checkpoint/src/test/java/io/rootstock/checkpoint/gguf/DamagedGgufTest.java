package io.rootstock.checkpoint.gguf;

import static io.rootstock.checkpoint.gguf.GgufBytes.add;
import static io.rootstock.checkpoint.gguf.GgufBytes.after;
import static io.rootstock.checkpoint.gguf.GgufBytes.end;
import static io.rootstock.checkpoint.gguf.GgufBytes.put;
import static io.rootstock.checkpoint.gguf.GgufBytes.rename;
import static io.rootstock.checkpoint.gguf.GgufBytes.replace;
import static io.rootstock.checkpoint.gguf.GgufBytes.tensor;
import static io.rootstock.checkpoint.gguf.GgufBytes.type;
import static io.rootstock.checkpoint.gguf.GgufBytes.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.tokenizer.TinyModel;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each test damages one part of a valid file and expects an error about that part. */
class DamagedGgufTest {
    @TempDir
    static Path folder;

    private static byte[] good;

    @BeforeAll
    static void write() throws IOException {
        Path file = folder.resolve("good.gguf");
        TokenizerFiles tokenizer = TokenizerFiles.read(TinyModel.tokenizer(folder.resolve("tokenizer")));
        Gguf.writeLlama(file, TinyModel.CONFIG, TinyModel.tensors(TinyModel.SHAPE), tokenizer, "tiny");
        good = Files.readAllBytes(file);
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                damage("empty", bytes -> new byte[0], "the file ends within the magic"),
                damage("magic", bytes -> put(bytes, 0, 0x46554748), "does not begin with GGUF"),
                damage("version 2", bytes -> put(bytes, 4, 2), "the version must be 3"),
                damage("tensor count", bytes -> put(bytes, 8, -1L), "the number of tensors"),
                damage("one tensor fewer", bytes -> put(bytes, 8, 19L), "output_norm.weight"),
                damage("one tensor more", bytes -> put(bytes, 8, 21L), "tensor 20"),
                damage("key count", bytes -> put(bytes, 16, 1L << 40), "the number of keys"),
                damage("one key fewer", bytes -> put(bytes, 16, 29L), "tensor"),
                damage("header cut", bytes -> Arrays.copyOf(bytes, 200), "the file ends within"),
                damage(
                        "no architecture",
                        bytes -> rename(bytes, "general.architecture"),
                        "general.architecture is missing"),
                damage(
                        "other architecture",
                        bytes -> replace(bytes, "llama", "llamb"),
                        "must be llama, qwen2 or qwen3, is llamb"),
                damage("no block count", bytes -> rename(bytes, "llama.block_count"), "llama.block_count is missing"),
                damage("no blocks", bytes -> value(bytes, "llama.block_count", 0), "must be at least 1, is 0"),
                damage(
                        "too many blocks",
                        bytes -> value(bytes, "llama.block_count", 9999),
                        "must be 1 to 512, is 9999"),
                damage("a block too many", bytes -> value(bytes, "llama.block_count", 3), "tensor blk.2."),
                damage("a block too few", bytes -> value(bytes, "llama.block_count", 1), "is unknown"),
                damage(
                        "no context",
                        bytes -> value(bytes, "llama.context_length", 0),
                        "llama.context_length must be at least 1"),
                damage("other width", bytes -> value(bytes, "llama.embedding_length", 20), "has shape"),
                damage(
                        "no heads",
                        bytes -> value(bytes, "llama.attention.head_count", 0),
                        "head_count must be at least 1"),
                damage("key heads", bytes -> value(bytes, "llama.attention.head_count_kv", 3), "must divide heads"),
                damage(
                        "rope dimension",
                        bytes -> value(bytes, "llama.rope.dimension_count", 8),
                        "head dimension 4, is 8"),
                damage("value length", bytes -> value(bytes, "llama.attention.value_length", 8), "value_length"),
                damage(
                        "no epsilon",
                        bytes -> rename(bytes, "llama.attention.layer_norm_rms_epsilon"),
                        "epsilon is missing"),
                damage(
                        "epsilon not a number",
                        bytes -> value(bytes, "llama.attention.layer_norm_rms_epsilon", 0x7fc00000),
                        "must be a positive number"),
                damage("feed-forward", bytes -> value(bytes, "llama.feed_forward_length", 25), "has shape"),
                damage("type of a key", bytes -> type(bytes, "llama.block_count", 6), "must be a whole number"),
                damage("unknown type", bytes -> type(bytes, "llama.block_count", 99), "the unknown type 99"),
                damage("tokenizer model", bytes -> replace(bytes, "gpt2", "spm2"), "tokenizer.ggml.model must be gpt2"),
                damage(
                        "no pre-tokenizer",
                        bytes -> rename(bytes, "tokenizer.ggml.pre"),
                        "tokenizer.ggml.pre is missing"),
                damage("unknown pre-tokenizer", bytes -> replace(bytes, "gpt-2", "gpt-9"), "is gpt-9"),
                damage(
                        "no tokens",
                        bytes -> rename(bytes, "tokenizer.ggml.tokens"),
                        "tokenizer.ggml.tokens is missing"),
                damage("duplicate token", bytes -> replace(bytes, "B", "A"), "are the same: A"),
                damage("vocabulary size", bytes -> value(bytes, "llama.vocab_size", 262), "llama.vocab_size is 262"),
                damage("no types", bytes -> rename(bytes, "tokenizer.ggml.token_type"), "token_type is missing"),
                damage("merge of no tokens", bytes -> replace(bytes, "t h", "t z"), "merge 't z'"),
                damage("no bos", bytes -> rename(bytes, "tokenizer.ggml.bos_token_id"), "bos_token_id is missing"),
                damage(
                        "bos out of range",
                        bytes -> value(bytes, "tokenizer.ggml.bos_token_id", 263),
                        "out of the range"),
                damage(
                        "eos out of range",
                        bytes -> value(bytes, "tokenizer.ggml.eos_token_id", -1),
                        "out of the range"),
                damage(
                        "eot out of range",
                        bytes -> value(bytes, "tokenizer.ggml.eot_token_id", 999),
                        "out of the range"),
                damage(
                        "pad out of range",
                        bytes -> value(bytes, "tokenizer.ggml.padding_token_id", 999),
                        "out of the range"),
                damage(
                        "missing tensor",
                        bytes -> rename(bytes, "blk.1.ffn_up.weight"),
                        "blk.1.ffn_up.weight is missing"),
                damage("no dimensions", bytes -> tensor(bytes, "output_norm.weight", 0, 0), "1 to 4 dimensions, has 0"),
                damage("huge dimension", bytes -> tensor(bytes, "output_norm.weight", 8, -1), "impossible dimension"),
                damage("other shape", bytes -> tensor(bytes, "output_norm.weight", 4, 8), "must have [16]"),
                damage("F16 norm", bytes -> tensor(bytes, "output_norm.weight", 12, 1), "must be F32, is F16"),
                damage(
                        "unknown tensor type",
                        bytes -> tensor(bytes, "output_norm.weight", 12, 77),
                        "the unknown type 77"),
                damage("rows of blocks", bytes -> tensor(bytes, "output_norm.weight", 12, 8), "Q8_0 cannot hold"),
                damage("offset", bytes -> tensor(bytes, "output_norm.weight", 16, 32), "must lie at"),
                damage("data cut", bytes -> Arrays.copyOf(bytes, bytes.length - 64), "beyond the end of the file"),
                damage("data too long", bytes -> Arrays.copyOf(bytes, bytes.length + 64), "after the last tensor"),
                damage("NaN", bytes -> put(bytes, bytes.length - 64, 0x7fc00000), "output_norm.weight holds a NaN"),
                damage(
                        "infinity",
                        bytes -> put(bytes, bytes.length - 64, 0xff800000),
                        "output_norm.weight holds a NaN or an infinity"),
                damage("other byte order", bytes -> put(bytes, 4, 0x03000000), "the version must be 3"),
                damage("keys of llama", bytes -> replace(bytes, "llama", "qwen2"), "qwen2.block_count is missing"),
                damage("an adapter", bytes -> replace(bytes, "model", "adapt"), "general.type must be model"),
                damage(
                        "key longer than the file",
                        bytes -> put(bytes, 24, 2000L),
                        "the length of key 0 must be 0 to 1024"),
                damage("key of no end", bytes -> put(bytes, 24, -1L), "the length of key 0 must be"),
                damage(
                        "text of no end",
                        bytes -> put(bytes, end(bytes, "general.name") + 4, Long.MAX_VALUE),
                        "the length of"),
                damage(
                        "text that is not UTF-8",
                        bytes -> after(bytes, "tiny", -2, 0xC3, 0x28),
                        "general.name is not UTF-8"),
                damage("key that is not UTF-8", bytes -> after(bytes, "general.name", -1, 0xFF), "is not UTF-8"),
                damage(
                        "token that is not UTF-8",
                        bytes -> after(bytes, "the", -1, 0xFF),
                        "tokenizer.ggml.tokens is not UTF-8"),
                damage(
                        "tensor name that is not UTF-8",
                        bytes -> after(bytes, "output_norm.weight", -1, 0xFF),
                        "is not UTF-8"),
                damage(
                        "key twice",
                        bytes -> replace(bytes, "tokenizer.ggml.eos_token_id", "tokenizer.ggml.bos_token_id"),
                        "tokenizer.ggml.bos_token_id is there twice"),
                damage(
                        "list longer than the file",
                        bytes -> put(bytes, end(bytes, "tokenizer.ggml.tokens") + 8, 1L << 23),
                        "reaches beyond the file"),
                damage(
                        "list of no end",
                        bytes -> put(bytes, end(bytes, "tokenizer.ggml.token_type") + 8, -5L),
                        "the length of list tokenizer.ggml.token_type"),
                damage(
                        "list of lists",
                        bytes -> put(bytes, end(bytes, "tokenizer.ggml.merges") + 4, 9),
                        "list of lists"),
                damage(
                        "list of an unknown type",
                        bytes -> put(bytes, end(bytes, "tokenizer.ggml.token_type") + 4, 77),
                        "the unknown type 77"),
                damage(
                        "a number for a text",
                        bytes -> type(bytes, "tokenizer.ggml.padding_token_id", 6),
                        "must be a whole number"),
                damage(
                        "neither true nor false",
                        bytes -> after(bytes, "tokenizer.ggml.add_bos_token", 4, 7),
                        "must be true or false, is 7"),
                damage(
                        "epsilon of nothing",
                        bytes -> value(bytes, "llama.attention.layer_norm_rms_epsilon", 0),
                        "must be a positive number"),
                damage(
                        "rope base infinite",
                        bytes -> value(bytes, "llama.rope.freq_base", 0x7f800000),
                        "must be a positive number"),
                damage(
                        "token type out of range",
                        bytes -> put(bytes, end(bytes, "tokenizer.ggml.token_type") + 16 + 4 * 256, 9),
                        "token 256 has the unknown type 9"),
                damage(
                        "control token for a byte",
                        bytes -> put(bytes, end(bytes, "tokenizer.ggml.token_type") + 16, 3),
                        "must be a normal one"),
                damage(
                        "key length of no head",
                        bytes -> value(bytes, "llama.attention.key_length", 3),
                        "value_length must be"),
                damage(
                        "dimensions that overflow",
                        bytes -> put(bytes, end(bytes, "token_embd.weight") + 4, 1L << 62),
                        "impossible dimension"),
                damage(
                        "tensor twice",
                        bytes -> replace(bytes, "blk.1.ffn_up.weight", "blk.0.ffn_up.weight"),
                        "blk.0.ffn_up.weight is there twice"),
                damage(
                        "tensors that overlap",
                        bytes -> put(bytes, end(bytes, "blk.0.attn_norm.weight") + 16, 0L),
                        "must lie at"),
                damage(
                        "offset beyond the file",
                        bytes -> put(bytes, end(bytes, "blk.0.attn_norm.weight") + 16, 1L << 60),
                        "must lie at"),
                damage(
                        "offset below nothing",
                        bytes -> put(bytes, end(bytes, "blk.0.attn_norm.weight") + 16, -32L),
                        "must lie at"),
                damage(
                        "rows of K blocks",
                        bytes -> put(bytes, end(bytes, "token_embd.weight") + 20, 12),
                        "rows of 16, which Q4_K cannot hold"),
                damage(
                        "experts",
                        bytes -> add(bytes, "llama.expert_count", 4, 8),
                        "models of experts are not served: key llama.expert_count is 8"),
                damage(
                        "experts that are used, of none",
                        bytes -> add(bytes, "llama.expert_used_count", 4, 2),
                        "models of experts are not served: key llama.expert_used_count is 2"),
                damage(
                        "groups of experts",
                        bytes -> add(bytes, "llama.expert_group_count", 4, 1),
                        "models of experts are not served: key llama.expert_group_count is 1"),
                damage(
                        "layers that predict further",
                        bytes -> add(bytes, "llama.nextn_predict_layers", 4, 3),
                        "llama.nextn_predict_layers is 3"),
                damage(
                        "other width of the states",
                        bytes -> add(bytes, "llama.embedding_length_out", 4, 512),
                        "llama.embedding_length_out must be llama.embedding_length, is 512"),
                damage(
                        "attention to what comes",
                        bytes -> add(bytes, "llama.attention.causal", 7, 0),
                        "llama.attention.causal must be true, is false"),
                damage(
                        "attention of a number",
                        bytes -> add(bytes, "llama.attention.causal", 4, 1),
                        "llama.attention.causal must be true, is 1"),
                damage(
                        "rope factor not a number",
                        bytes -> add(bytes, "llama.rope.scaling.factor", 6, 0x7fc00000),
                        "llama.rope.scaling.factor must be a positive number"),
                damage(
                        "rope factor of old not a number",
                        bytes -> add(bytes, "llama.rope.scale_linear", 6, 0x7fc00000),
                        "llama.rope.scale_linear must be a positive number"),
                damage(
                        "infinite attention",
                        bytes -> add(bytes, "llama.rope.scaling.attn_factor", 6, 0x7f800000),
                        "key llama.rope.scaling.attn_factor must be 1.0 or missing, is Infinity"),
                damage(
                        "scaled logits",
                        bytes -> add(bytes, "llama.logit_scale", 6, 0x3f000000),
                        "key llama.logit_scale must be 1.0 or missing, is 0.5: this computation is not supported"),
                damage(
                        "key that is another to C",
                        bytes -> add(bytes, "llama.expert_used_count\0", 4, 2),
                        "key 0 holds U+0000"),
                damage(
                        "token that is another to C",
                        bytes -> after(bytes, "the", -1, 0),
                        "tokenizer.ggml.tokens holds U+0000"),
                damage(
                        "smaller type than the data",
                        bytes -> put(bytes, end(bytes, "token_embd.weight") + 20, 1),
                        "must lie at"));
    }

    @Test
    void aKeyThatSaysNothingWrongMayBeAdded() throws IOException {
        Path file = Files.write(folder.resolve("added.gguf"), add(good.clone(), "llama.attention.causal", 7, 1));

        assertThat(GgufValidator.validate(file).shape().layers()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "llama.vocab_size",
                "llama.rope.freq_base",
                "llama.rope.dimension_count",
                "llama.attention.key_length",
                "llama.attention.value_length"
            })
    void aKeyThatLlamaCppHasADefaultForMayBeMissing(String key) throws IOException {
        Path file = Files.write(folder.resolve("default.gguf"), rename(good.clone(), key));

        ModelShape shape = GgufValidator.validate(file).shape();
        assertThat(shape.headDimension()).isEqualTo(4);
        assertThat(shape.vocabularySize()).isEqualTo(263);
        assertThat(shape.ropeTheta()).isEqualTo(10_000);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("damages")
    void isRefusedWithTheReason(String name, UnaryOperator<byte[]> damage, String reason) throws IOException {
        Path file = Files.write(folder.resolve("damaged.gguf"), damage.apply(good.clone()));

        assertThatThrownBy(() -> GgufValidator.validate(file))
                .isInstanceOf(InvalidGgufException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void isRefusedOrReadButNeverFailsOtherwise() throws IOException {
        Random random = new Random(5);
        int header = 12_000;
        for (int round = 0; round < 500; round++) {
            byte[] bytes = good.clone();
            for (int i = 0; i < 1 + round % 4; i++) {
                bytes[random.nextInt(header)] = (byte) random.nextInt();
            }
            Path file = Files.write(folder.resolve("random.gguf"), bytes);
            try {
                GgufValidator.validate(file);
            } catch (InvalidGgufException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void isRefusedWhereverItIsCut() throws IOException {
        int header = good.length - 20_000;
        Path file = Files.write(folder.resolve("cut.gguf"), good);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int length = good.length - Float.BYTES; length >= 0; length -= length > header ? 64 : 3) {
                channel.truncate(length);
                assertThat(reason(file)).as("%d bytes", length).isNotBlank();
            }
        }
    }

    /** Sparse files of up to two gibibytes, with only header and norms. */
    @Test
    void largeFilesAreJudgedWithoutReadingTheirMatrices() throws IOException {
        ModelConfig large = TinyModel.CONFIG.withShape(
                new ModelShape(TinyModel.VOCABULARY, 4096, 4, 32, 8, 14_336, 64, 1e-5, 10_000, true, 0));
        Path file = folder.resolve("large.gguf");
        SparseGguf.write(file, large, GgufType.Q8_0, folder.resolve("large-tokenizer"));

        assertThat(Files.size(file)).isGreaterThan(800L << 20);
        assertThat(GgufValidator.validate(file).shape().dimension()).isEqualTo(4096);
        for (GgufType type : new GgufType[] {GgufType.F16, GgufType.BF16, GgufType.Q4_K, GgufType.Q6_K}) {
            SparseGguf.write(file, large, type, folder.resolve("large-tokenizer"));
            assertThat(GgufValidator.validate(file).shape().feedForward()).isEqualTo(14_336);
        }
    }

    private static String reason(Path file) throws IOException {
        try {
            GgufValidator.validate(file);
            return "";
        } catch (InvalidGgufException e) {
            return e.getMessage();
        }
    }

    private static Arguments damage(String name, UnaryOperator<byte[]> damage, String reason) {
        return Arguments.of(name, damage, reason);
    }
}
