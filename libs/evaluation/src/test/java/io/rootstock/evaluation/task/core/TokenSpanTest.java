package io.rootstock.evaluation.task.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TokenSpanTest {
    @Test
    void scoresChoicesFromTheFirstTokenThatDiffers() {
        List<int[]> prompts = List.of(new int[] {0, 1, 2, 3, 9}, new int[] {0, 1, 2, 4});
        assertThat(TokenSpan.of(CoreTask.Kind.MULTIPLE_CHOICE, prompts, 2))
                .containsExactly(new TokenSpan(3, 5), new TokenSpan(3, 4));
    }

    @Test
    void scoresTheCommonEndOfSchemas() {
        List<int[]> prompts = List.of(new int[] {0, 1, 7, 8}, new int[] {0, 1, 2, 7, 8});
        assertThat(TokenSpan.of(CoreTask.Kind.SCHEMA, prompts, 2))
                .containsExactly(new TokenSpan(2, 4), new TokenSpan(3, 5));
    }

    @Test
    void scoresTheTokensAfterTheContext() {
        assertThat(TokenSpan.of(CoreTask.Kind.LANGUAGE_MODELING, List.of(new int[] {0, 1, 2, 3}), 2))
                .containsExactly(new TokenSpan(2, 4));
    }

    @Test
    void refusesPromptsWithoutScoredTokens() {
        List<int[]> prefix = List.of(new int[] {0, 1, 2}, new int[] {0, 1});
        assertThatThrownBy(() -> TokenSpan.of(CoreTask.Kind.MULTIPLE_CHOICE, prefix, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no scored token");
        assertThatThrownBy(() -> TokenSpan.of(CoreTask.Kind.LANGUAGE_MODELING, List.of(new int[] {0, 1}), 2))
                .hasMessageContaining("no scored token");
    }
}
