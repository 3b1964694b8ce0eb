package io.rootstock.bench.serving;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.rootstock.bench.TextRun;
import io.rootstock.checkpoint.LlamaTensors;
import io.rootstock.checkpoint.ModelConfig;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.NamedTensor;
import io.rootstock.checkpoint.gguf.Gguf;
import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.encoding.SpecialToken;
import io.rootstock.encoding.SpecialTokenPolicy;
import io.rootstock.encoding.bpe.Tokenizer;
import io.rootstock.encoding.format.TokenizerWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Models that only generate one letter, so that the text shows which model generated each token.
 *
 * <p>The first value of every embedding is 1, no layer changes it, and the output matrix has a single non-zero row: the
 * letter's, which reads that value. The computation of the layers is unchanged; their weights are random.
 */
public final class LetterModel {
    /** Context length in tokens. */
    static final int CONTEXT = 4096;

    private static final int DIMENSION = 256;
    private static final int LAYERS = 4;
    private static final int HEADS = 4;
    private static final int FEED_FORWARD = 768;
    private static final int VOCABULARY = 300;
    /** Multiplied by about 16, the first value after the final norm: e^64 times more probable than any other token. */
    private static final float LETTER_WEIGHT = 4;

    private static final String LEARNED_FROM = "the quick brown fox jumps over the lazy dog and then the other dog ";

    private LetterModel() {}

    /**
     * Arguments: a directory, the letter of the model that is written there, and for a large one its number of layers and the
     * inner dimension of their feed-forward networks.
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        char letter = arguments[1].charAt(0);
        System.out.println(
                arguments.length == 2
                        ? write(folder, letter)
                        : write(
                                folder,
                                letter,
                                CONTEXT,
                                Integer.parseInt(arguments[2]),
                                Integer.parseInt(arguments[3]),
                                ""));
    }

    /** Writes the model of this letter; no merge of the tokenizer may combine the letter with itself. */
    static Path write(Path folder, char letter) throws IOException {
        return write(folder, letter, CONTEXT, LAYERS, "");
    }

    /** As the other method, with layers of the usual size. */
    static Path write(Path folder, char letter, int context, int layers, String damaged) throws IOException {
        return write(folder, letter, context, layers, FEED_FORWARD, damaged);
    }

    /**
     * Writes a model of this letter.
     *
     * @param context its context length
     * @param layers number of layers, which its speed depends on
     * @param feedForward inner dimension of the feed-forward networks
     * @param damaged text whose tokens have embeddings of NaN, so that requests with it fail; empty: none
     */
    static Path write(Path folder, char letter, int context, int layers, int feedForward, String damaged)
            throws IOException {
        Tokenizer tokenizer = TextRun.tokenizer(LEARNED_FROM.repeat(4), VOCABULARY);
        Path tokenizerFiles = Files.createDirectories(folder.resolve("tokenizer"));
        TokenizerWriter.write(tokenizer, tokenizerFiles);
        int token = tokenizer.encode(String.valueOf(letter), SpecialTokenPolicy.AS_TEXT)[0];
        int[] broken = tokenizer.encode(damaged, SpecialTokenPolicy.AS_TEXT);
        ModelShape shape = new ModelShape(
                tokenizer.size(),
                DIMENSION,
                layers,
                HEADS,
                HEADS,
                feedForward,
                context,
                ModelShape.NORM_EPSILON,
                10_000,
                false,
                0);
        ModelConfig config = new ModelConfig(
                shape,
                tokenizer.specialTokenId(SpecialToken.BEGIN_OF_TEXT).orElseThrow(),
                tokenizer.specialTokenId(SpecialToken.END_OF_TEXT).orElseThrow());
        Path file = folder.resolve(letter + ".gguf");
        try (Arena arena = Arena.ofConfined()) {
            List<NamedTensor> tensors = new RandomWeights(shape, arena, letter)
                    .tensors().stream()
                            .map(tensor -> saying(tensor, token, broken, arena))
                            .toList();
            Gguf.writeLlama(file, config, tensors, TokenizerFiles.read(tokenizerFiles), "letter " + letter);
        }
        return file;
    }

    private static NamedTensor saying(NamedTensor tensor, int token, int[] broken, Arena arena) {
        boolean embedding = tensor.name().equals(LlamaTensors.EMBEDDING);
        boolean head = tensor.name().equals(LlamaTensors.HEAD);
        boolean adds = tensor.name().endsWith(".o_proj.weight") || tensor.name().endsWith(".down_proj.weight");
        if (!embedding && !head && !adds) {
            return tensor;
        }
        MemorySegment values = arena.allocate(JAVA_FLOAT, tensor.elements());
        if (head) {
            values.setAtIndex(JAVA_FLOAT, (long) token * DIMENSION, LETTER_WEIGHT);
            return new NamedTensor(tensor.name(), tensor.shape(), values);
        }
        values.copyFrom(tensor.float32());
        if (embedding) {
            for (long row = 0; row < tensor.shape()[0]; row++) {
                values.setAtIndex(JAVA_FLOAT, row * DIMENSION, 1);
            }
            for (int row : broken) {
                values.setAtIndex(JAVA_FLOAT, (long) row * DIMENSION, Float.NaN);
            }
        } else {
            values.asSlice(0, tensor.shape()[1] * Float.BYTES).fill((byte) 0);
        }
        return new NamedTensor(tensor.name(), tensor.shape(), values);
    }
}
