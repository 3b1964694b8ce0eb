package io.rootstock.trainer.plan;

/**
 * What of a dataset the automatic choices depend on.
 *
 * @param vocabularySize size of the tokenizer's vocabulary
 * @param classes labels of a classification dataset, otherwise 0
 * @param trainRows rows of the train splits
 * @param trainTokens tokens of the train splits
 * @param mostTokens tokens until every source has reached its epoch cap; {@link Long#MAX_VALUE} where one has none
 * @param longestRow most tokens of a row (fine-tuning); 0 when unknown
 */
public record DataFacts(
        int vocabularySize, int classes, long trainRows, long trainTokens, long mostTokens, int longestRow) {
    /** Facts of a dataset that does not exist yet: for estimates. */
    public static DataFacts imagined(int vocabularySize, long tokens) {
        return new DataFacts(vocabularySize, 0, 1, tokens, Long.MAX_VALUE, 0);
    }
}
