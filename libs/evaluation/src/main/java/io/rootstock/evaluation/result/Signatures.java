package io.rootstock.evaluation.result;

import io.rootstock.evaluation.task.Metric;
import io.rootstock.evaluation.task.MetricSetting;

/** Signatures of metrics, in sacreBLEU's format: the settings that make values comparable. */
final class Signatures {
    private Signatures() {}

    /**
     * Returns the signature of a metric other than BLEU and chrF.
     *
     * @param continuation whether the rows have a continuation in place of choices
     */
    static String of(MetricSetting setting, boolean continuation) {
        return switch (setting.metric()) {
            case ACC -> continuation ? "greedy" : choice("sum");
            case ACC_NORM -> choice("sum/characters");
            case ACC_BYTES -> choice("sum/bytes");
            case ACC_TOKENS -> choice("sum/tokens");
            case ACC_MUTUAL_INFO -> choice("sum-unconditional");
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

    /** Whether a metric is an accuracy of choices, whose chance is known. */
    static boolean hasChance(Metric metric) {
        return switch (metric) {
            case ACC, ACC_NORM, ACC_BYTES, ACC_TOKENS, ACC_MUTUAL_INFO -> true;
            case PERPLEXITY,
                    WORD_PERPLEXITY,
                    BYTE_PERPLEXITY,
                    BITS_PER_BYTE,
                    EXACT_MATCH,
                    BLEU,
                    CHRF,
                    ROUGE_L,
                    SQUAD_EM,
                    SQUAD_F1 -> false;
        };
    }
}
