package io.rootstock.cli.command.gate;

import io.rootstock.cli.evaluation.PromptFormats;
import io.rootstock.evaluation.v1.BetterRule;
import io.rootstock.evaluation.v1.Gate;
import java.util.Locale;

/** Gates as text. */
final class GateText {
    private static final double DEFAULT_P_VALUE = 0.05;

    private GateText() {}

    /** The rule as text, such as "gain at least 0.01 (p 0.05)". */
    static String rule(Gate gate) {
        return switch (gate.getRuleCase()) {
            case THRESHOLD -> format("interval within %.4g", gate.getThreshold().getBound());
            case BETTER_THAN_CURRENT -> better(gate.getBetterThanCurrent());
            case NOT_WORSE_THAN_CURRENT ->
                format("loss at most %.4g", gate.getNotWorseThanCurrent().getMargin());
            case QUANTIZATION_AGREES ->
                format(
                        "agrees with F32 on %.4g of the rows",
                        gate.getQuantizationAgrees().getMinimumShare());
            case CONTAMINATION ->
                format(
                        "at most %.4g of the rows in training data",
                        gate.getContamination().getMaximumShare());
            case RULE_NOT_SET -> "unknown";
        };
    }

    private static String better(BetterRule rule) {
        return format(
                "gain at least %.4g (p %.4g)",
                rule.getMinimumGain(), rule.getMaximumPValue() == 0 ? DEFAULT_P_VALUE : rule.getMaximumPValue());
    }

    /** The rows that the gate reads, such as "500 rows, 5 shots". */
    static String rows(Gate gate) {
        return (gate.getLimit() == 0 ? "all rows" : gate.getLimit() + " rows")
                + (gate.hasShots() ? ", " + gate.getShots() + " shots" : "")
                + (PromptFormats.isChat(gate.getPromptFormat()) ? ", chat" : "");
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
