package io.rootstock.trainer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SelectionTest {
    @Test
    void aHigherScoreIsSelected() {
        assertThat(Selection.NONE.after(10, 0.5, 0.02).after(20, 0.6, 0.02)).isEqualTo(new Selection(20, 0.6, 0));
    }

    @Test
    void aLaterScoreWithinOneStandardErrorOfTheHighestIsSelected() {
        Selection selection = Selection.NONE.after(10, 0.86, 0.016).after(20, 0.85, 0.017);
        assertThat(selection).isEqualTo(new Selection(20, 0.86, 1));
        // The highest score counts, not that of the selected weights: selections do not drift downwards.
        assertThat(selection.after(30, 0.84, 0.017)).isEqualTo(new Selection(20, 0.86, 2));
    }

    @Test
    void aScoreWithoutAnErrorIsSelectedOnlyIfHigher() {
        Selection first = Selection.NONE.after(10, -1.5, 0);
        assertThat(first.after(20, -1.5, 0)).isEqualTo(new Selection(10, -1.5, 1));
        assertThat(first.after(20, -1.4, 0)).isEqualTo(new Selection(20, -1.4, 0));
    }
}
