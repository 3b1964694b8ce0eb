package io.rootstock.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EnumNamesTest {
    /** As the protocol buffer compiler generates it. */
    private enum JobState {
        JOB_STATE_UNSPECIFIED,
        JOB_STATE_RUNNING,
        JOB_STATE_NEEDS_RECOVERY,
        UNRECOGNIZED
    }

    private enum Colour {
        RED
    }

    @Test
    void removesThePrefix() {
        assertThat(EnumNames.of(JobState.JOB_STATE_NEEDS_RECOVERY)).isEqualTo("NEEDS_RECOVERY");
        assertThat(EnumNames.lowerCase(JobState.JOB_STATE_RUNNING)).isEqualTo("running");
        assertThat(EnumNames.of(JobState.JOB_STATE_UNSPECIFIED)).isEqualTo("UNSPECIFIED");
        assertThat(EnumNames.of(JobState.UNRECOGNIZED)).isEqualTo("UNRECOGNIZED");
    }

    @Test
    void listsTheValuesThatCanBeSet() {
        assertThat(EnumNames.all(JobState.class)).containsExactly("RUNNING", "NEEDS_RECOVERY");
    }

    @Test
    void findsAValueByItsName() {
        assertThat(EnumNames.parse(JobState.class, "RUNNING")).isEqualTo(JobState.JOB_STATE_RUNNING);
        assertThatThrownBy(() -> EnumNames.parse(JobState.class, "WALKING"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EnumNames.parse(JobState.class, "UNRECOGNIZED"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesAnEnumThatIsNotOfAContract() {
        assertThatThrownBy(() -> EnumNames.of(Colour.RED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("its first value is RED");
    }
}
