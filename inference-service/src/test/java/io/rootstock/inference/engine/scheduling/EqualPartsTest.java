package io.rootstock.inference.engine.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EqualPartsTest {
    @Test
    void aPassHasTheMostTokens() {
        assertThat(EqualParts.size(new int[] {9, 5, 3})).isEqualTo(2);
        assertThat(EqualParts.size(new int[] {9, 5, 4})).isEqualTo(3);
        assertThat(EqualParts.size(new int[] {100, 2, 2, 2})).isEqualTo(1);
        assertThat(EqualParts.size(new int[] {7})).isEqualTo(1);
    }

    @Test
    void aPassIsNotLongerThanAMicroBatch() {
        assertThat(EqualParts.size(new int[] {32, 32, 32, 32, 32, 32, 32, 32})).isEqualTo(4);
        assertThat(EqualParts.size(new int[] {100, 90, 80})).isEqualTo(1);
        assertThat(EqualParts.size(new int[] {64, 64})).isEqualTo(2);
    }
}
