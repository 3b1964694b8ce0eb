package io.rootstock.evaluation.result;

import io.rootstock.evaluation.metric.classes.Calibration;
import io.rootstock.evaluation.task.MetricSetting;
import java.util.Optional;

/** Signatures of metrics, in sacreBLEU's format: the settings that make values comparable. */
final class Signatures {
    private Signatures() {}

    /**
     * Returns the signature of a metric other than BLEU and chrF.
     *
     * @param continuation whether the rows have a continuation in place of choices
     * @param positive positive class that the task names
     */
    static String of(MetricSetting setting, boolean continuation, Optional<String> positive) {
        return switch (setting.metric()) {
            case ACC -> continuation ? "greedy" : choice("sum");
            case ACC_NORM -> choice("sum/characters");
            case ACC_BYTES -> choice("sum/bytes");
            case ACC_TOKENS -> choice("sum/tokens");
            case ACC_MUTUAL_INFO -> choice("sum-unconditional");
            case MACRO_F1 -> "average:macro|classes:seen|ties:first";
            case MCC -> "ties:first";
            case BRIER_SCORE -> "range:0-2";
            case ECE -> "bins:" + Calibration.USUAL_BINS + "|ties:first";
            case AUC -> "positive:" + positive.orElse("second");
            case ENDS_BY_ITSELF -> "end:eos,stop";
            case REFUSAL -> "phrases:1";
            case PERPLEXITY -> "unit:row";
            case WORD_PERPLEXITY -> "unit:word";
            case BYTE_PERPLEXITY, BITS_PER_BYTE -> "unit:byte";
            case EXACT_MATCH -> exactMatch(setting);
            case ROUGE_L -> "rougeL:f1|stem:no";
            case SQUAD_EM, SQUAD_F1 -> "squad:2.0";
            case BLEU, CHRF ->
                throw new IllegalArgumentException(setting.metric().key());
        };
    }

    private static String choice(String score) {
        return "score:" + score + "|ties:1/k";
    }

    private static String exactMatch(MetricSetting setting) {
        return "case:" + (setting.ignoreCase() ? "lc" : "mixed")
                + "|punct:" + kept(!setting.ignorePunctuation())
                + "|numbers:" + kept(!setting.ignoreNumbers())
                + (setting.regexesToIgnore().isEmpty()
                        ? ""
                        : "|regexes:" + setting.regexesToIgnore().size());
    }

    private static String kept(boolean kept) {
        return kept ? "yes" : "no";
    }
}
