package io.rootstock.bench.emergence;

/** A measure compared with chance, or with the baseline of a measure without chance. */
enum Outcome {
    BETTER("better"),
    NO_DIFFERENCE("no difference"),
    WORSE("worse"),
    NOT_COMPARED("-");

    private final String text;

    Outcome(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
