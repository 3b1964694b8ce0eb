package io.rootstock.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.trainer.engine.batch.ClassificationBatch;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenReplacementTest {
    private static final int VOCABULARY = 100;
    private static final int LENGTH = 50;
    private static final int BEGIN = 98;
    private static final int END = 99;
    private static final Set<Integer> SPECIAL = Set.of(BEGIN, END);
    private static final int ORDINARY = 7;

    @Test
    void aShareOfTheTokensIsReplacedByOrdinaryOnes() {
        int[] tokens = replaced(0.3, 400);
        long changed = Arrays.stream(tokens)
                .filter(token -> token != ORDINARY && !SPECIAL.contains(token))
                .count();
        // 400 rows of 48 ordinary tokens; one in 98 random tokens equals the old one.
        assertThat(changed / (400.0 * 48)).isBetween(0.28, 0.315);
        Set<Integer> drawn = new HashSet<>();
        Arrays.stream(tokens).forEach(drawn::add);
        assertThat(drawn).hasSize(VOCABULARY).contains(0, 97);
    }

    @Test
    void specialTokensAndPaddingAreKept() {
        ClassificationBatch batch = rows(2);
        int[] last = {10, LENGTH - 1};
        ClassificationBatch shorter =
                new ClassificationBatch(2, LENGTH, batch.tokens(), last, batch.labels(), batch.loss());
        int[] tokens = replacement(0.9).apply(shorter, new long[] {0, 1}).tokens();
        assertThat(Arrays.copyOfRange(tokens, 11, LENGTH)).isEqualTo(Arrays.copyOfRange(batch.tokens(), 11, LENGTH));
        assertThat(tokens[0]).isEqualTo(BEGIN);
        assertThat(tokens[LENGTH]).isEqualTo(BEGIN);
        assertThat(tokens[2 * LENGTH - 1]).isEqualTo(END);
    }

    @Test
    void theChoicesFollowFromTheNumberOfTheRow() {
        ClassificationBatch batch = rows(2);
        int[] both = replacement(0.3).apply(batch, new long[] {5, 6}).tokens();
        int[] swapped = replacement(0.3).apply(batch, new long[] {6, 5}).tokens();
        assertThat(Arrays.copyOfRange(both, 0, LENGTH))
                .isEqualTo(Arrays.copyOfRange(swapped, LENGTH, 2 * LENGTH))
                .isNotEqualTo(Arrays.copyOfRange(swapped, 0, LENGTH));
        assertThat(batch.tokens()).isEqualTo(rows(2).tokens());
    }

    @Test
    void withoutAShareTheBatchIsTheSame() {
        ClassificationBatch batch = rows(1);
        assertThat(TokenReplacement.NONE.apply(batch, new long[] {0})).isSameAs(batch);
    }

    private static int[] replaced(double share, int rows) {
        long[] draws = IntStream.range(0, rows).asLongStream().toArray();
        return replacement(share).apply(rows(rows), draws).tokens();
    }

    private static TokenReplacement replacement(double share) {
        return new TokenReplacement(share, 4, VOCABULARY, SPECIAL);
    }

    private static ClassificationBatch rows(int rows) {
        int[] tokens = new int[rows * LENGTH];
        Arrays.fill(tokens, ORDINARY);
        int[] last = new int[rows];
        for (int row = 0; row < rows; row++) {
            tokens[row * LENGTH] = BEGIN;
            tokens[(row + 1) * LENGTH - 1] = END;
            last[row] = LENGTH - 1;
        }
        return new ClassificationBatch(rows, LENGTH, tokens, last, new int[rows]);
    }
}
