package io.rootstock.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeometryTest {
    @ParameterizedTest
    @CsvSource({"1, 1, 32", "8192, 31, 32", "8192, 33, 64", "7, 768, 256", "1, 50257, 256"})
    void aRowHasWholeWarps(long rows, long width, int threads) {
        assertThat(Geometry.rows(rows, width, 256)).isEqualTo(new Geometry((int) rows, 1, threads));
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 32", "1, 1, 32", "256, 1, 256", "257, 2, 256", "124000000, 4096, 256"})
    void valuesFillBlocksUpToTheMost(long count, int blocks, int threads) {
        assertThat(Geometry.values(count, 4096)).isEqualTo(new Geometry(blocks, 1, threads));
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 32", "768, 64, 3, 256", "257, 2, 2, 256"})
    void columnsHaveAThreadEach(long columns, int chunks, int blocks, int threads) {
        assertThat(Geometry.columns(columns, chunks)).isEqualTo(new Geometry(blocks, chunks, threads));
    }

    @Test
    void whatNoGpuCanLaunchIsRefused() {
        assertThatThrownBy(() -> new Geometry(0, 1, 32)).hasMessageContaining("not 0 by 1");
        assertThatThrownBy(() -> new Geometry(1, 65_536, 32)).hasMessageContaining("not 1 by 65536");
        assertThatThrownBy(() -> new Geometry(1, 1, 48)).hasMessageContaining("multiple of 32");
        assertThatThrownBy(() -> new Geometry(1, 1, 1056)).hasMessageContaining("up to 1024, not 1056");
        assertThatThrownBy(() -> Geometry.rows(1L << 31, 4, 256)).isInstanceOf(ArithmeticException.class);
    }
}
