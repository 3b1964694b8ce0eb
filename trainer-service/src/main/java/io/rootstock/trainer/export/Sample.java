package io.rootstock.trainer.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.trainer.engine.batch.Batch;
import io.rootstock.trainer.engine.batch.ClassificationBatch;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.engine.batch.PreferenceBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Held-out rows on which every quantization is measured.
 *
 * @param rows rows without padding
 * @param instructions whether the rows are instructions with answers, which are then also generated
 */
public record Sample(List<Row> rows, boolean instructions) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A row.
     *
     * @param tokens ids [L]
     * @param targets target of each position or {@link LanguageBatch#NO_LOSS} [L]: a token, or the class at the last
     *     position of a labelled row
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Row(int[] tokens, int[] targets) {
        /** Checks the lengths. */
        public Row {
            if (tokens.length == 0 || tokens.length != targets.length) {
                throw new IllegalArgumentException(tokens.length + " tokens and " + targets.length + " targets");
            }
        }

        /** Tokens before the first answer, at least one. */
        public int[] prompt() {
            return Arrays.copyOf(tokens, answerStart() + 1);
        }

        /** Tokens of the first answer. */
        public int[] answer() {
            int start = answerStart();
            int end = start;
            while (end < targets.length && targets[end] != LanguageBatch.NO_LOSS) {
                end++;
            }
            return Arrays.copyOfRange(targets, start, end);
        }

        private int answerStart() {
            int start = 0;
            while (start < targets.length - 1 && targets[start] == LanguageBatch.NO_LOSS) {
                start++;
            }
            return start;
        }
    }

    /** Copies the list. */
    public Sample {
        rows = List.copyOf(rows);
    }

    /** A sample whose answers are not generated. */
    Sample(List<Row> rows) {
        this(rows, false);
    }

    /** Collects the rows of batches; of preference pairs only the chosen answers. */
    public static Sample of(Stream<Batch> batches, boolean instructions) {
        List<Row> rows = new ArrayList<>();
        batches.forEach(batch -> {
            switch (batch) {
                case LanguageBatch texts -> texts(texts, texts.targets(), 1, rows);
                case PreferenceBatch pairs -> texts(pairs, pairs.targets(), 2, rows);
                case ClassificationBatch labelled -> labelled(labelled, rows);
            }
        });
        // Batches are sorted by length; after shuffling, a prefix of the rows is representative if time is limited.
        Collections.shuffle(rows, new Random(1));
        return new Sample(rows, instructions);
    }

    private static void texts(Batch batch, int[] targets, int every, List<Row> rows) {
        for (int row = 0; row < batch.rows(); row += every) {
            int start = row * batch.length();
            int end = start + batch.length();
            // Tokens after the last prediction do not affect the result.
            while (end > start && targets[end - 1] == LanguageBatch.NO_LOSS) {
                end--;
            }
            if (end > start) {
                rows.add(new Row(
                        Arrays.copyOfRange(batch.tokens(), start, end), Arrays.copyOfRange(targets, start, end)));
            }
        }
    }

    private static void labelled(ClassificationBatch batch, List<Row> rows) {
        for (int row = 0; row < batch.rows(); row++) {
            int start = row * batch.length();
            int length = batch.lastPositions()[row] + 1;
            int[] targets = new int[length];
            Arrays.fill(targets, LanguageBatch.NO_LOSS);
            targets[length - 1] = batch.labels()[row];
            rows.add(new Row(Arrays.copyOfRange(batch.tokens(), start, start + length), targets));
        }
    }

    /** Tokens of the longest row; 1 for an empty sample. */
    int longest() {
        return rows.stream().mapToInt(row -> row.tokens().length).max().orElse(1);
    }

    void write(Path file) throws IOException {
        JSON.writeValue(file.toFile(), this);
    }

    static Sample read(Path file) throws IOException {
        return JSON.readValue(file.toFile(), Sample.class);
    }
}
