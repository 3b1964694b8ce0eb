package io.rootstock.trainer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SelectionTest {
    @Test
    void aHigherScoreIsSelected() {
        assertThat(Selection.NONE.after(10, 0.5, 450).after(20, 0.6, 450)).isEqualTo(new Selection(20, 0.6, 0));
    }

    @Test
    void aLaterScoreWithinOneStandardErrorOfTheHighestIsSelected() {
        // The standard error of 0.86 on 450 rows is 0.0164.
        Selection selection = Selection.NONE.after(10, 0.86, 450).after(20, 0.85, 450);
        assertThat(selection).isEqualTo(new Selection(20, 0.86, 1));
        // The limit depends on the highest score only: repeated selections do not lower it.
        assertThat(selection.after(30, 0.84, 450)).isEqualTo(new Selection(20, 0.86, 2));
    }

    @Test
    void aScoreOfOneHasNoError() {
        assertThat(Selection.NONE.after(10, 1.02, 10).after(20, 1.01, 10)).isEqualTo(new Selection(10, 1.02, 1));
    }

    @Test
    void ofLossesOnlyTheLowestIsSelected() {
        Selection first = Selection.NONE.after(10, -1.5, 0);
        assertThat(first.after(20, -1.5, 0)).isEqualTo(new Selection(10, -1.5, 1));
        assertThat(first.after(20, -1.4, 0)).isEqualTo(new Selection(20, -1.4, 0));
    }
}
