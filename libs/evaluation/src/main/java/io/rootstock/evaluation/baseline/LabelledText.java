package io.rootstock.evaluation.baseline;

/**
 * A row of a classification dataset.
 *
 * @param label class id, from 0
 */
public record LabelledText(String text, int label) {}
