package io.rootstock.evaluation.contamination;

/**
 * Text of a row that training data is searched for: the task's decontamination query, or the question without examples.
 *
 * @param row index of the row in its split
 * @param text may be empty
 */
public record RowText(int row, String text) {}
