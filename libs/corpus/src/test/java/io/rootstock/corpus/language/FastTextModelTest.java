package io.rootstock.corpus.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models trained with fastText 0.9.2 on 36 sentences in six languages, and its predictions: softmax without n-grams,
 * hierarchical softmax with n-grams of characters and words, quantized with norms and pruned buckets, 17 columns.
 */
class FastTextModelTest {
    /** One unit in the last place of a float below 1, since fastText calls the C library's expf. */
    private static final double TOLERANCE = 0x1p-24;

    private static final int MODEL_KIND = 8 + 7 * Integer.BYTES;

    @ParameterizedTest
    @CsvSource({
        "softmax.bin,softmax.tsv",
        "hierarchical.bin,hierarchical.tsv",
        "quantized.ftz,quantized.tsv",
        "wide.bin,wide.tsv"
    })
    void predictsAllLabelsAsFastTextDoes(String file, String expected) throws IOException {
        FastTextModel model = read(file, resource(file));
        List<String> texts = List.of(text("texts.txt").split("\n", -1));
        List<String> lines = List.of(text(expected).split("\n", -1));
        assertThat(lines).hasSameSizeAs(texts).hasSizeGreaterThan(80);
        for (int line = 0; line < texts.size() - 1; line++) {
            byte[] utf8 = texts.get(line).getBytes(StandardCharsets.UTF_8);
            List<FastTextModel.Prediction> predictions = model.predict(utf8, 0, utf8.length, 6);
            String[] fields = lines.get(line).split("\t", -1);
            assertThat(predictions).as(texts.get(line)).hasSize(fields.length);
            for (int index = 0; index < fields.length; index++) {
                String[] labelAndProbability = fields[index].split(" ", -1);
                assertThat(predictions.get(index).label()).isEqualTo(labelAndProbability[0]);
                assertThat((double) predictions.get(index).probability())
                        .isCloseTo(Float.parseFloat(labelAndProbability[1]), within(TOLERANCE));
            }
        }
    }

    @Test
    void lineFeedsSeparateWordsLikeSpaces() throws IOException {
        FastTextModel model = read("hierarchical.bin", resource("hierarchical.bin"));
        byte[] lines = "the cat\nsleeps\n".getBytes(StandardCharsets.UTF_8);
        byte[] spaces = "the cat sleeps".getBytes(StandardCharsets.UTF_8);
        assertThat(model.predict(lines, 0, lines.length, 6)).isEqualTo(model.predict(spaces, 0, spaces.length, 6));
    }

    @Test
    void aTextWithoutWordsHasNoPrediction() throws IOException {
        FastTextModel model = read("softmax.bin", resource("softmax.bin"));
        assertThat(model.predict(new byte[] {' ', '\n', 0}, 0, 3, 1)).isEmpty();
        assertThat(model.predict(new byte[0], 0, 0, 1)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"softmax.bin", "hierarchical.bin", "quantized.ftz"})
    void everyTruncationIsRefused(String file) throws IOException {
        byte[] whole = resource(file);
        for (int length = 0; length < whole.length; length += 1 + length / 100) {
            byte[] truncated = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read("cut.bin", truncated))
                    .as("%d bytes", length)
                    .isInstanceOf(InvalidModelException.class)
                    .hasMessageStartingWith("cut.bin: ")
                    .hasMessageContaining("truncated");
        }
    }

    @Test
    void bytesAfterTheModelAreRefused() throws IOException {
        byte[] whole = resource("softmax.bin");
        assertThatThrownBy(() -> read("long.bin", Arrays.copyOf(whole, whole.length + 1)))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("bytes follow the end");
    }

    @Test
    void otherFilesAndWordVectorsAreRefused() throws IOException {
        assertThatThrownBy(() -> read("a.txt", "language model".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("is not a fastText model")
                .hasMessageContaining("lid.176.ftz");
        byte[] vectors = resource("softmax.bin");
        ByteBuffer.wrap(vectors).order(ByteOrder.LITTLE_ENDIAN).putInt(MODEL_KIND, 1);
        assertThatThrownBy(() -> read("vectors.bin", vectors))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("word vectors (kind 1)");
        byte[] negativeSampling = resource("softmax.bin");
        ByteBuffer.wrap(negativeSampling).order(ByteOrder.LITTLE_ENDIAN).putInt(MODEL_KIND - Integer.BYTES, 2);
        assertThatThrownBy(() -> read("ns.bin", negativeSampling))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("has the loss 2; supported are");
    }

    @Test
    void aModelAboveTheMemoryLimitIsRefused() throws IOException {
        byte[] model = resource("wide.bin");
        assertThatThrownBy(() -> FastTextModel.read("wide.bin", new ByteArrayInputStream(model), 1000))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("above the limit of 1000")
                .hasMessageContaining("quantized");
    }

    @Test
    void anyDamagedByteIsRefusedOrReadWithoutAnotherError() throws IOException {
        byte[] whole = resource("quantized.ftz");
        byte[] text = "the cat sleeps".getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < whole.length; at += at < 1200 ? 1 : 97) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) 0xFF;
            try {
                FastTextModel.read("damaged.ftz", new ByteArrayInputStream(damaged), 1 << 20)
                        .predict(text, 0, text.length, 1);
            } catch (InvalidModelException refused) {
                assertThat(refused).hasMessageStartingWith("damaged.ftz: ");
            }
        }
    }

    private static FastTextModel read(String name, byte[] model) throws IOException {
        return FastTextModel.read(name, new ByteArrayInputStream(model), 1 << 20);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = FastTextModelTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    private static String text(String name) throws IOException {
        return new String(resource(name), StandardCharsets.UTF_8);
    }
}
