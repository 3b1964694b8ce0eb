package io.rootstock.checkpoint.gguf;

import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.RopeScaling;
import io.rootstock.checkpoint.huggingface.ClassifierHead;
import io.rootstock.checkpoint.sentencepiece.Piece;
import io.rootstock.checkpoint.tokenizer.PieceForm;
import io.rootstock.checkpoint.tokenizer.SpecialTokenRule;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.files.AtomicFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Writes a model as an F32 GGUF file for llama.cpp. For llama.cpp's architecture {@code llama} the rows of the query
 * and key projections are permuted: llama.cpp rotates neighbouring pairs of a head, Hugging Face rotates element i with
 * element i + hd/2. Llama 3's RoPE scaling is stored as a tensor of factors, linear scaling as a key.
 */
public final class Gguf {
    static final int TOKEN_NORMAL = 1;
    static final int TOKEN_CONTROL = 3;
    static final int TOKEN_USER_DEFINED = 4;
    static final int TOKEN_UNUSED = 5;

    /** Key with the version of the exporter; files of version 1 lack it and wrongly state add_bos_token=false. */
    static final String EXPORT_VERSION_KEY = "rootstock.export_version";

    private static final int EXPORT_VERSION = 2;

    /** Value of {@code general.name} of a model without a name, and of every model that earlier versions exported. */
    static final String DEFAULT_NAME = "rootstock";

    private static final int MAX_NAME_LENGTH = 128;

    private static final int ROWS_AT_ONCE_BYTES = 4 << 20;

    private Gguf() {}

    /**
     * Returns the value of {@code general.name} for a model.
     *
     * @param requested the model's name; empty: the default
     * @throws IllegalArgumentException if it has more than 128 characters or control characters
     */
    public static String name(String requested) {
        if (requested.length() > MAX_NAME_LENGTH || requested.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "must have at most " + MAX_NAME_LENGTH + " characters and no control characters");
        }
        return requested.isEmpty() ? DEFAULT_NAME : requested;
    }

    /**
     * Writes a model; the file appears complete or not at all. Of a classifier, this is the body
     * ({@link ClassifierHead} writes {@code score.weight}).
     *
     * @param tensors all tensors of the model, by Hugging Face name
     * @param name value of {@code general.name}
     * @throws IllegalArgumentException if the tensors do not match the configuration, or llama.cpp does not support the
     *     pre-tokenizer or the RoPE scaling
     */
    public static void writeLlama(
            Path file, ModelConfig config, List<NamedTensor> tensors, TokenizerFiles tokenizer, String name)
            throws IOException {
        ModelShape model = config.shape();
        if (model.vocabularySize() < tokenizer.vocabularySize()) {
            throw new IllegalArgumentException("the model has " + model.vocabularySize() + " tokens and its tokenizer "
                    + tokenizer.vocabularySize());
        }
        GgufWriter writer = header(config, tokenizer, name);
        putTensors(writer, model, tensors);
        writer.write(file);
    }

    /** Creates the metadata of a file, without tensors. */
    static GgufWriter header(ModelConfig config, TokenizerFiles tokenizer, String name) {
        GgufWriter writer = new GgufWriter();
        putModel(writer, config.shape(), name);
        putTokenizer(writer, tokenizer, config);
        return writer;
    }

    private static void putModel(GgufWriter writer, ModelShape model, String name) {
        String architecture = model.family().architecture();
        writer.text("general.architecture", architecture)
                .text("general.type", "model")
                .text("general.name", name)
                .unsigned(EXPORT_VERSION_KEY, EXPORT_VERSION)
                // ALL_F32.
                .unsigned("general.file_type", 0)
                .unsigned("general.quantization_version", 2)
                .unsigned(architecture + ".vocab_size", model.vocabularySize())
                .unsigned(architecture + ".context_length", model.contextLength())
                .unsigned(architecture + ".embedding_length", model.dimension())
                .unsigned(architecture + ".block_count", model.layers())
                .unsigned(architecture + ".feed_forward_length", model.feedForward())
                .unsigned(architecture + ".attention.head_count", model.heads())
                .unsigned(architecture + ".attention.head_count_kv", model.keyValueHeads())
                .unsigned(architecture + ".attention.key_length", model.headDimension())
                .unsigned(architecture + ".attention.value_length", model.headDimension())
                .real(architecture + ".attention.layer_norm_rms_epsilon", (float) model.normEpsilon())
                .unsigned(architecture + ".rope.dimension_count", model.headDimension())
                .real(architecture + ".rope.freq_base", (float) model.ropeTheta());
        if (model.ropeScaling() instanceof RopeScaling.Linear linear) {
            writer.text(architecture + ".rope.scaling.type", "linear")
                    .real(architecture + ".rope.scaling.factor", (float) linear.factor());
        }
    }

    /**
     * Writes the tokenizer: SentencePiece as llama.cpp's model llama, byte-level BPE as gpt2. Rows of a padded embedding
     * without a token become unused tokens.
     */
    private static void putTokenizer(GgufWriter writer, TokenizerFiles tokenizer, ModelConfig config) {
        int vocabularySize = config.shape().vocabularySize();
        List<String> tokens = new ArrayList<>(tokenizer.tokens());
        for (int id = tokens.size(); id < vocabularySize; id++) {
            tokens.add("[PAD" + id + "]");
        }
        tokenizer
                .pieces()
                .ifPresentOrElse(
                        pieces -> putPieces(writer, pieces, tokens), () -> putByteLevel(writer, tokenizer, tokens));
        putSpecialTokens(writer, tokenizer, config);
    }

    private static void putByteLevel(GgufWriter writer, TokenizerFiles tokenizer, List<String> tokens) {
        int[] types = new int[tokens.size()];
        Arrays.fill(types, 0, tokenizer.tokens().size(), TOKEN_NORMAL);
        Arrays.fill(types, tokenizer.tokens().size(), types.length, TOKEN_UNUSED);
        tokenizer
                .addedTokens()
                .forEach(token -> types[token.id()] = token.special() ? TOKEN_CONTROL : TOKEN_USER_DEFINED);
        writer.text("tokenizer.ggml.model", "gpt2")
                .text("tokenizer.ggml.pre", GgufPreTokenizer.nameOf(tokenizer))
                .texts("tokenizer.ggml.tokens", tokens)
                .integers("tokenizer.ggml.token_type", types)
                .texts("tokenizer.ggml.merges", tokenizer.merges());
    }

    private static void putPieces(GgufWriter writer, PieceForm form, List<String> tokens) {
        int[] types = new int[tokens.size()];
        float[] scores = new float[tokens.size()];
        Arrays.fill(types, TOKEN_UNUSED);
        for (int id = 0; id < form.pieces().size(); id++) {
            Piece piece = form.pieces().get(id);
            // llama.cpp treats unknown and control tokens alike, and the services list control tokens only.
            types[id] = piece.type() == Piece.Type.UNKNOWN
                    ? TOKEN_CONTROL
                    : piece.type().number();
            scores[id] = piece.score();
            if (piece.type() == Piece.Type.UNKNOWN) {
                writer.unsigned("tokenizer.ggml.unknown_token_id", id);
            }
        }
        writer.text("tokenizer.ggml.model", "llama")
                .text("tokenizer.ggml.pre", "default")
                .texts("tokenizer.ggml.tokens", tokens)
                .reals("tokenizer.ggml.scores", scores)
                .integers("tokenizer.ggml.token_type", types)
                .bool("tokenizer.ggml.add_space_prefix", form.prefix() != PieceForm.Prefix.NONE);
        if (form.prefix() == PieceForm.Prefix.FIRST_PART) {
            // llama.cpp has no such rule; without this key it adds a blank before every part.
            writer.text(GgufSpecialTokens.SPACE_PREFIX, GgufSpecialTokens.FIRST_PART);
        }
    }

    private static void putSpecialTokens(GgufWriter writer, TokenizerFiles tokenizer, ModelConfig config) {
        SpecialTokenRule rule = tokenizer.rule();
        writer.unsigned("tokenizer.ggml.eos_token_id", rule.eosId())
                .unsigned("tokenizer.ggml.padding_token_id", rule.padId())
                .bool("tokenizer.ggml.add_bos_token", rule.addBos())
                .bool("tokenizer.ggml.add_eos_token", rule.addEos());
        // Without the key llama.cpp uses token 11 as BOS. config.json states a BOS even if the tokenizer has none
        // (Qwen).
        (rule.bosId().isPresent() ? rule.bosId() : config.bosId())
                .ifPresent(id -> writer.unsigned("tokenizer.ggml.bos_token_id", id));
        rule.endOfTurn().stream()
                .findFirst()
                .ifPresent(token -> writer.unsigned("tokenizer.ggml.eot_token_id", token.id()));
        if (!tokenizer.chatTemplate().isEmpty()) {
            writer.text("tokenizer.chat_template", tokenizer.chatTemplate());
        }
    }

    private static void putTensors(GgufWriter writer, ModelShape model, List<NamedTensor> tensors) {
        Map<String, NamedTensor> ordered = LlamaTensors.inOrder(model, tensors);
        ordered.remove(LlamaTensors.SCORE);
        if (model.ropeScaling() instanceof RopeScaling.Llama3 scaling) {
            NamedTensor factors = factors(scaling, model);
            writer.tensor(GgufNames.ROPE_FACTORS, factors.shape(), GgufType.F32, data(factors, 0));
        }
        ordered.forEach((name, tensor) -> {
            GgufWriter.Data data = data(tensor, permutedHeads(name, model));
            writer.tensor(GgufNames.of(name), tensor.shape(), GgufType.F32, data);
        });
    }

    /** Divisors of each pair's RoPE frequency, [hd/2]; llama.cpp reads them only for its architecture llama. */
    private static NamedTensor factors(RopeScaling.Llama3 scaling, ModelShape model) {
        if (!model.family().interleavedRope()) {
            throw new IllegalArgumentException("llama.cpp has no rope scaling of type llama3 for "
                    + model.family().modelType() + " models");
        }
        float[] factors = new float[model.headDimension() / 2];
        for (int pair = 0; pair < factors.length; pair++) {
            double frequency = Math.pow(model.ropeTheta(), -2.0 * pair / model.headDimension());
            factors[pair] = (float) (frequency / scaling.frequency(frequency));
        }
        return NamedTensor.of(GgufNames.ROPE_FACTORS, factors, factors.length);
    }

    /** Returns the number of heads in whose rows the matrix is permuted; 0 for all but query and key projections. */
    static int permutedHeads(String name, ModelShape model) {
        if (!model.family().interleavedRope()) {
            return 0;
        }
        return name.endsWith(".q_proj.weight")
                ? model.heads()
                : name.endsWith(".k_proj.weight") ? model.keyValueHeads() : 0;
    }

    /** Returns a tensor's bytes with its rows in llama.cpp's order. */
    static GgufWriter.Data data(NamedTensor tensor, int permutedHeads) {
        return permutedHeads == 0
                ? channel -> AtomicFile.append(channel, tensor.float32())
                : channel -> writePermuted(channel, tensor, permutedHeads);
    }

    /** Writes [heads, 2, hd/2, in] as [heads, hd/2, 2, in]. */
    private static void writePermuted(FileChannel channel, NamedTensor tensor, int heads) throws IOException {
        long rowBytes = tensor.shape()[1] * Float.BYTES;
        int headDimension = (int) (tensor.shape()[0] / heads);
        int half = headDimension / 2;
        ByteBuffer buffer = ByteBuffer.allocateDirect(
                (int) Math.max(rowBytes, Math.min(ROWS_AT_ONCE_BYTES, rowBytes * tensor.shape()[0])));
        for (int head = 0; head < heads; head++) {
            for (int row = 0; row < headDimension; row++) {
                int source = head * headDimension + (row % 2) * half + row / 2;
                if (buffer.remaining() < rowBytes) {
                    AtomicFile.append(channel, buffer.flip());
                    buffer.clear();
                }
                MemorySegment.copy(tensor.float32(), source * rowBytes, MemorySegment.ofBuffer(buffer), 0, rowBytes);
                buffer.position(buffer.position() + (int) rowBytes);
            }
        }
        AtomicFile.append(channel, buffer.flip());
    }
}
