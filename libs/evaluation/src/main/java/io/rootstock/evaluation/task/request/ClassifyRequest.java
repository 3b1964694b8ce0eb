package io.rootstock.evaluation.task.request;

/**
 * Log-probability of a class of a text.
 *
 * @param text text to classify
 * @param choice the choice; the class of this name, if the classifier has it
 * @param label name of the class in {@code metadata.class_labels}; without them, the choice
 */
public record ClassifyRequest(String text, String choice, String label) implements Request {}
