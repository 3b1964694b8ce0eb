package io.rootstock.corpus.language;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A supervised fastText model: dense or product-quantized, with softmax or hierarchical softmax, word and character
 * n-grams. Predicts what fastText 0.9.2 predicts for the text with its line feeds replaced by spaces. Immutable and
 * thread-safe.
 */
public final class FastTextModel {
    /** Default limit of the memory of one matrix: lid.176.bin needs 128 MB. */
    public static final long DEFAULT_MAX_MATRIX_BYTES = 1L << 30;

    private static final int MAX_LABELS = 5000;
    private static final int BLOCK = 16;

    private final ModelSettings settings;
    private final Matrix input;
    private final OutputLayer output;
    private final List<String> labels;
    private final ThreadLocal<InputRows> rows;

    /**
     * A label with its probability.
     *
     * @param label label without its prefix "__label__"
     * @param probability 0 to 1
     */
    public record Prediction(String label, float probability) {}

    private FastTextModel(ModelSettings settings, FastTextDictionary dictionary, Matrix input, OutputLayer output) {
        this.settings = settings;
        this.input = input;
        this.output = output;
        WordTable words = dictionary.words;
        List<String> names = new ArrayList<>();
        for (int label = 0; label < words.labels; label++) {
            String name = new String(words.entries[words.words + label], StandardCharsets.UTF_8);
            names.add(name.startsWith("__label__") ? name.substring("__label__".length()) : name);
        }
        labels = List.copyOf(names);
        rows = ThreadLocal.withInitial(() -> new InputRows(dictionary, settings));
    }

    /** Reads a model file with the default limit of memory. */
    public static FastTextModel read(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            return read(file.toString(), in, DEFAULT_MAX_MATRIX_BYTES);
        }
    }

    /**
     * Reads a model.
     *
     * @param name file name, for messages
     * @param bytes the file; not closed
     * @param maxMatrixBytes largest memory of a matrix, decoded
     * @throws InvalidModelException if the file is not such a model, is damaged, or needs more memory
     */
    public static FastTextModel read(String name, InputStream bytes, long maxMatrixBytes) throws IOException {
        ModelInput in = new ModelInput(name, bytes);
        ModelSettings settings = ModelSettings.read(in);
        FastTextDictionary dictionary = FastTextDictionary.read(in, settings);
        WordTable words = dictionary.words;
        if (words.labels > MAX_LABELS) {
            throw in.invalid("has " + words.labels + " labels, above the limit of " + MAX_LABELS
                    + "; give a model for language identification");
        }
        boolean quantized = in.readBoolean();
        Matrix input =
                quantized ? Matrix.readQuantized(in, maxMatrixBytes, true) : Matrix.readDense(in, maxMatrixBytes);
        boolean quantizedOutput = in.readBoolean();
        Matrix output = quantized && quantizedOutput
                ? Matrix.readQuantized(in, maxMatrixBytes, false)
                : Matrix.readDense(in, maxMatrixBytes);
        in.requireEnd();
        requireShape(in, "input", input, words.words + (long) dictionary.buckets.rows(words), settings);
        requireShape(in, "output", output, words.labels, settings);
        OutputLayer layer =
                settings.hierarchical() ? new HierarchicalSoftmax(output, words.labelCounts) : new Softmax(output);
        return new FastTextModel(settings, dictionary, input, layer);
    }

    private static void requireShape(ModelInput in, String what, Matrix matrix, long rows, ModelSettings settings)
            throws InvalidModelException {
        if (matrix.rows != rows || matrix.columns != settings.dimension()) {
            throw in.invalid("the " + what + " matrix has " + matrix.rows + " rows of " + matrix.columns
                    + " columns instead of " + rows + " of " + settings.dimension()
                    + "; the file may be damaged: download it again");
        }
    }

    /** Labels in the order of the model, without their prefix. */
    public List<String> labels() {
        return labels;
    }

    /**
     * Returns the k most probable labels of a range of UTF-8, most probable first; none if it has no words.
     *
     * @param k at least 1
     */
    public List<Prediction> predict(byte[] utf8, int from, int to, int k) {
        TopLabels top = top(utf8, from, to, k);
        List<Prediction> predictions = new ArrayList<>();
        for (int index = 0; index < top.count; index++) {
            predictions.add(new Prediction(labels.get(top.labels[index]), (float) StrictMath.exp(top.scores[index])));
        }
        return predictions;
    }

    private TopLabels top(byte[] utf8, int from, int to, int k) {
        InputRows read = rows.get();
        read.read(utf8, from, to);
        if (read.count == 0 || read.tokens == 0) {
            return new TopLabels(0);
        }
        float[] hidden = new float[settings.dimension()];
        int column = 0;
        for (; column + BLOCK <= hidden.length; column += BLOCK) {
            sumBlock(read, column, hidden);
        }
        for (; column < hidden.length; column++) {
            sumColumn(read, column, hidden);
        }
        float factor = (float) (1.0 / read.count);
        for (int index = 0; index < hidden.length; index++) {
            hidden[index] *= factor;
        }
        return output.predict(hidden, k);
    }

    private void sumColumn(InputRows read, int column, float[] hidden) {
        float sum = 0;
        for (int index = 0; index < read.count; index++) {
            sum += input.values[read.rows[index] * input.columns + column];
        }
        hidden[column] = sum;
    }

    /** Sums 16 columns of the rows in registers, each from the first row to the last. */
    private void sumBlock(InputRows read, int column, float[] hidden) {
        float[] v = input.values;
        int[] list = read.rows;
        int width = input.columns;
        int count = read.count;
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        float s8 = 0;
        float s9 = 0;
        float s10 = 0;
        float s11 = 0;
        float s12 = 0;
        float s13 = 0;
        float s14 = 0;
        float s15 = 0;
        for (int index = 0; index < count; index++) {
            int at = list[index] * width + column;
            s0 += v[at];
            s1 += v[at + 1];
            s2 += v[at + 2];
            s3 += v[at + 3];
            s4 += v[at + 4];
            s5 += v[at + 5];
            s6 += v[at + 6];
            s7 += v[at + 7];
            s8 += v[at + 8];
            s9 += v[at + 9];
            s10 += v[at + 10];
            s11 += v[at + 11];
            s12 += v[at + 12];
            s13 += v[at + 13];
            s14 += v[at + 14];
            s15 += v[at + 15];
        }
        hidden[column] = s0;
        hidden[column + 1] = s1;
        hidden[column + 2] = s2;
        hidden[column + 3] = s3;
        hidden[column + 4] = s4;
        hidden[column + 5] = s5;
        hidden[column + 6] = s6;
        hidden[column + 7] = s7;
        hidden[column + 8] = s8;
        hidden[column + 9] = s9;
        hidden[column + 10] = s10;
        hidden[column + 11] = s11;
        hidden[column + 12] = s12;
        hidden[column + 13] = s13;
        hidden[column + 14] = s14;
        hidden[column + 15] = s15;
    }
}
