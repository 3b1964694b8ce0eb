package io.rootstock.evaluation.metric.text;

/** Variants of ROUGE, named as in rouge-score. */
public sealed interface RougeVariant {
    /**
     * Overlap of n-grams, {@code rouge1} to {@code rouge9}.
     *
     * @param length 1 to 9
     */
    record Ngram(int length) implements RougeVariant {
        public Ngram {
            if (length < 1 || length > 9) {
                throw new IllegalArgumentException("ROUGE n-gram length " + length + " is not between 1 and 9");
            }
        }

        @Override
        public String label() {
            return "rouge" + length;
        }
    }

    /** Longest common subsequence of the whole texts, {@code rougeL}. */
    record LongestSubsequence() implements RougeVariant {
        @Override
        public String label() {
            return "rougeL";
        }
    }

    /** Union of the longest common subsequences of sentences, one sentence per line, {@code rougeLsum}. */
    record SummarySubsequence() implements RougeVariant {
        @Override
        public String label() {
            return "rougeLsum";
        }
    }

    /** Name in rouge-score. */
    String label();

    /**
     * Returns the variant of a name in rouge-score.
     *
     * @throws IllegalArgumentException if there is none
     */
    static RougeVariant of(String label) {
        return switch (label) {
            case "rougeL" -> new LongestSubsequence();
            case "rougeLsum" -> new SummarySubsequence();
            default -> {
                if (!label.matches("rouge[1-9]")) {
                    throw new IllegalArgumentException(
                            "ROUGE variant \"" + label + "\" not found; known: rouge1 to rouge9, rougeL, rougeLsum");
                }
                yield new Ngram(label.charAt(label.length() - 1) - '0');
            }
        };
    }
}
