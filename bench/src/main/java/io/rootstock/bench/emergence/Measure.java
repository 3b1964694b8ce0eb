package io.rootstock.bench.emergence;

import java.util.OptionalDouble;

/** Measures of a model. */
enum Measure {
    BITS_PER_BYTE("Bits per byte, held-out text", "bits per byte", false),
    INDUCTION("Induction: repeated minus reordered words", "nats per word", 0),
    REPETITION("Repetition: reordered words minus first occurrence", "nats per word", 0),
    INDUCTION_ACCURACY("Words of the second copy predicted", "share", 1.0 / InductionRows.WORDS),
    BLIMP("BLiMP", "accuracy", 0.5),
    SENTIMENT_AUC("Sentiment, log-odds with PMI correction", "AUC", 0.5),
    SENTIMENT_ACCURACY("Sentiment, PMI", "accuracy", 0.5),
    TRANSLATION("Translation, generated text", "chrF", true),
    TRANSLATION_LOGPROB("Translation, log-probability of the reference", "nats per token", true),
    TRANSLATION_GAIN("Translation, gain of the source", "nats per reference", 0),
    SUMMARIES("Summaries, generated text", "ROUGE-L", true),
    SUMMARIES_LOGPROB("Summaries, log-probability of the reference", "nats per token", true),
    SUMMARIES_GAIN("Summaries, gain of the document", "nats per reference", 0),
    ANSWERS("Question answering, generated text", "F1", true),
    ANSWERS_LOGPROB("Question answering, log-probability of the answer", "nats per token", true),
    ANSWERS_GAIN("Question answering, gain of the passage", "nats per answer", 0);

    private final String title;
    private final String unit;
    private final boolean higherIsBetter;
    private final OptionalDouble chance;

    Measure(String title, String unit, boolean higherIsBetter) {
        this.title = title;
        this.unit = unit;
        this.higherIsBetter = higherIsBetter;
        this.chance = OptionalDouble.empty();
    }

    Measure(String title, String unit, double chance) {
        this.title = title;
        this.unit = unit;
        this.higherIsBetter = true;
        this.chance = OptionalDouble.of(chance);
    }

    /** Title of a chart. */
    String title() {
        return title;
    }

    String unit() {
        return unit;
    }

    boolean higherIsBetter() {
        return higherIsBetter;
    }

    /** Value of a model that has not learned it; empty if the measure has none. */
    OptionalDouble chance() {
        return chance;
    }

    /** Name in key=value lines. */
    String key() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
