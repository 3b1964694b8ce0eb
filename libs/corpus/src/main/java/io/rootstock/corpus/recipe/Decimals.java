package io.rootstock.corpus.recipe;

import java.math.BigDecimal;

/** Decimal numbers as people write them. */
final class Decimals {
    private Decimals() {}

    /** Shortest decimal text of a number, without an exponent: 101, 0.005. */
    static String text(double number) {
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }
}
