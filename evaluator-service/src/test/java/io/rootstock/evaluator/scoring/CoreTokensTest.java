package io.rootstock.evaluator.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.evaluation.task.core.CoreTask.Kind;
import io.rootstock.evaluator.scoring.RowRequests.CoreTokens;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoreTokensTest {
    private static int[] tokens(int... ids) {
        return ids;
    }

    @Test
    void choicesAreScoredFromTheFirstTokenThatDiffers() {
        CoreTokens tokens = CoreTokens.of(Kind.MULTIPLE_CHOICE, List.of(tokens(1, 2, 3, 4), tokens(1, 2, 5)));
        assertThat(tokens.before(0)).containsExactly(1, 2);
        assertThat(tokens.before(1)).containsExactly(1, 2);
        assertThat(tokens.scored(0)).containsExactly(3, 4);
        assertThat(tokens.scored(1)).containsExactly(5);
    }

    @Test
    void aChoiceThatIsTheBeginningOfTheOthersHasItsLastTokenScored() {
        CoreTokens tokens = CoreTokens.of(Kind.MULTIPLE_CHOICE, List.of(tokens(1, 2, 3, 4), tokens(1, 2, 3)));
        assertThat(tokens.before(0)).containsExactly(1, 2);
        assertThat(tokens.scored(0)).containsExactly(3, 4);
        assertThat(tokens.scored(1)).containsExactly(3);
        assertThatThrownBy(() -> CoreTokens.of(Kind.MULTIPLE_CHOICE, List.of(tokens(1, 2), tokens(1))))
                .hasMessage("a prompt of 1 tokens has no token to score");
    }

    @Test
    void schemasAreScoredAtTheirCommonEnd() {
        CoreTokens tokens = CoreTokens.of(Kind.SCHEMA, List.of(tokens(1, 2, 8, 9), tokens(1, 7, 7, 8, 9)));
        assertThat(tokens.before(0)).containsExactly(1, 2);
        assertThat(tokens.before(1)).containsExactly(1, 7, 7);
        assertThat(tokens.scored(0)).containsExactly(8, 9);
        assertThat(tokens.scored(1)).containsExactly(8, 9);
    }
}
