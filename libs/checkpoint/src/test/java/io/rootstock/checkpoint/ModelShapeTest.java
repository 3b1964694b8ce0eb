package io.rootstock.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ModelShapeTest {
    private static final ModelShape SHAPE =
            new ModelShape(100, 32, 2, 4, 2, 48, 64, ModelShape.NORM_EPSILON, 10_000, true, 0);

    @Test
    void headsAreAsWideAsTheResidualStreamUnlessStated() {
        assertThat(SHAPE.headDimension()).isEqualTo(8);
        assertThat(SHAPE.headsWidth()).isEqualTo(32);
        assertThat(SHAPE.keyValueWidth()).isEqualTo(16);
        assertThat(SHAPE.withHeadDimension(20).headsWidth()).isEqualTo(80);
    }

    @Test
    void sizesThatDoNotFitTogetherAreRejected() {
        assertThatThrownBy(() -> new ModelShape(100, 36, 2, 4, 2, 48, 64, 1e-5, 10_000, true, 0))
                .hasMessageContaining("dimension 36 must be heads (4) times an even head width");
        assertThatThrownBy(() -> SHAPE.withKeyValueHeads(3)).hasMessageContaining("must divide heads 4");
        assertThatThrownBy(() -> SHAPE.withNormEpsilon(0)).hasMessageContaining("normEpsilon");
        assertThatThrownBy(() -> SHAPE.withClasses(-1)).hasMessageContaining("classes must be at least 0");
    }

    @Test
    void specialTokensAreInTheVocabulary() {
        assertThat(new ModelConfig(SHAPE, 98, 99).eosIds()).containsExactly(99);
        assertThatThrownBy(() -> new ModelConfig(SHAPE, 98, 100)).hasMessage("eosId 100 is not an id below 100");
        assertThatThrownBy(() -> new ModelConfig(SHAPE, OptionalInt.empty(), List.of()))
                .hasMessage("eosIds must name at least one token");
    }
}
