package io.rootstock.registry.gate;

import io.rootstock.evaluation.gate.Agreement;
import io.rootstock.evaluation.gate.BetterThanCurrent;
import io.rootstock.evaluation.gate.LimitedContamination;
import io.rootstock.evaluation.gate.NotWorseThanCurrent;
import io.rootstock.evaluation.gate.Threshold;
import io.rootstock.evaluation.v1.BetterRule;
import io.rootstock.evaluation.v1.Gate;
import io.rootstock.service.Errors;
import java.util.function.Supplier;

/** The rules of gates as those of the evaluation library. */
final class GateRules {
    private static final double DEFAULT_P_VALUE = 0.05;

    private GateRules() {}

    static Threshold threshold(Gate gate) {
        return new Threshold(gate.getThreshold().getBound());
    }

    static BetterThanCurrent better(Gate gate) {
        BetterRule rule = gate.getBetterThanCurrent();
        return new BetterThanCurrent(
                rule.getMinimumGain(), rule.getMaximumPValue() == 0 ? DEFAULT_P_VALUE : rule.getMaximumPValue());
    }

    static NotWorseThanCurrent notWorse(Gate gate) {
        return new NotWorseThanCurrent(gate.getNotWorseThanCurrent().getMargin());
    }

    static Agreement agreement(Gate gate) {
        return new Agreement(gate.getQuantizationAgrees().getMinimumShare());
    }

    static LimitedContamination contamination(Gate gate) {
        return new LimitedContamination(gate.getContamination().getMaximumShare());
    }

    /** INVALID_ARGUMENT naming the field of a rule whose numbers are invalid, or of a gate without a rule. */
    static void check(Gate gate) {
        Object _ = switch (gate.getRuleCase()) {
            case THRESHOLD -> checked("threshold", () -> threshold(gate));
            case BETTER_THAN_CURRENT -> checked("better_than_current", () -> better(gate));
            case NOT_WORSE_THAN_CURRENT -> checked("not_worse_than_current", () -> notWorse(gate));
            case QUANTIZATION_AGREES -> checked("quantization_agrees", () -> agreement(gate));
            case CONTAMINATION -> checked("contamination", () -> contamination(gate));
            case RULE_NOT_SET ->
                throw Errors.invalidArgument(
                        "gate.rule",
                        "is required: threshold, better_than_current, not_worse_than_current, quantization_agrees or"
                                + " contamination");
        };
    }

    /** The library's messages begin with the field. */
    private static Object checked(String rule, Supplier<?> parser) {
        try {
            return parser.get();
        } catch (IllegalArgumentException e) {
            String[] parts = e.getMessage().split(": ", 2);
            throw Errors.invalidArgument("gate." + rule + "." + parts[0], parts[parts.length - 1]);
        }
    }
}
