package io.rootstock.bench.emergence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmergenceArgumentsTest {
    @Test
    void optionsReplaceTheDefaultsAndNameTheFigures() {
        EmergenceArguments whole = EmergenceArguments.parse(List.of());
        assertThat(whole.depths()).containsExactly(2, 4, 6, 8);
        assertThat(whole.seeds()).isEqualTo(3);
        assertThat(whole.figures()).isEqualTo("quality-emergence");
        EmergenceArguments chosen = EmergenceArguments.parse(List.of(
                "--quick",
                "--depths",
                "1,3",
                "--tokens",
                "50k,1M,1500000",
                "--seeds",
                "4",
                "--points",
                "points.jsonl"));
        assertThat(chosen.points()).contains(Path.of("points.jsonl"));
        assertThat(chosen.depths()).containsExactly(1, 3);
        assertThat(chosen.tokens()).containsExactly(50_000L, 1_000_000L, 1_500_000L);
        assertThat(chosen.seeds()).isEqualTo(4);
        assertThat(chosen.rows()).isEqualTo(RowCounts.QUICK);
        assertThat(chosen.figures()).isEqualTo("quality-emergence-quick-depths-1-3-tokens-50k-1M-1500000-seeds-4");
    }

    @Test
    void invalidValuesAreRefused() {
        assertThatThrownBy(() -> EmergenceArguments.parse(List.of("--depths", "4,2")))
                .hasMessage("--depths must be positive and ascending, was [4, 2]");
        assertThatThrownBy(() -> EmergenceArguments.parse(List.of("--tokens", "0")))
                .hasMessageStartingWith("--tokens must be positive");
        assertThatThrownBy(() -> EmergenceArguments.parse(List.of("--seeds", "0")))
                .hasMessage("--seeds must be at least 1, was 0");
        assertThatThrownBy(() -> EmergenceArguments.parse(List.of("--width", "1")))
                .hasMessage("unknown argument --width");
        assertThatThrownBy(() -> EmergenceArguments.parse(List.of("--seeds")))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
