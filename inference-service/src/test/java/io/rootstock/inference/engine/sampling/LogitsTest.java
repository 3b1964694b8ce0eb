package io.rootstock.inference.engine.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogitsTest {
    private static double expected(float[] logits) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit);
        }
        return Math.log(sum);
    }

    @Test
    void logSumExpEqualsTheSumOfExponentials() {
        Random random = new Random(5);
        for (int size : new int[] {1, 2, 511, 512, 513, 49_152}) {
            for (double spread : new double[] {0, 0.1, 4, 20}) {
                float[] logits = new float[size];
                for (int i = 0; i < size; i++) {
                    logits[i] = (float) (random.nextGaussian() * spread);
                }
                assertThat(Logits.logSumExp(logits)).isCloseTo(expected(logits), offset(1e-8));
            }
        }
    }

    @Test
    void excludedTokensHaveNoProbability() {
        float[] logits = {1, Float.NEGATIVE_INFINITY, 2};
        assertThat(Logits.logSumExp(logits)).isCloseTo(expected(logits), offset(1e-8));
        Arrays.fill(logits, Float.NEGATIVE_INFINITY);
        assertThat(Logits.logSumExp(logits)).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void aLogitThatIsNotANumberMakesTheSumNotANumber() {
        assertThat(Logits.logSumExp(new float[] {1, Float.NaN, 2})).isNaN();
    }

    @Test
    void theFirstOfEqualMaximaIsTheArgmax() {
        float[] logits = {1, 3, 3, 2};
        assertThat(Logits.argmax(logits)).isEqualTo(1);
        assertThat(Logits.isArgmax(logits, 1)).isTrue();
        assertThat(Logits.isArgmax(logits, 2)).isFalse();
        assertThat(Logits.isArgmax(logits, 0)).isFalse();
    }
}
