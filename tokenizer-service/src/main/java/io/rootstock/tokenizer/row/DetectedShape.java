package io.rootstock.tokenizer.row;

/**
 * Shape of a file.
 *
 * @param form shape with its fields
 * @param reason what decided the shape
 */
public record DetectedShape(RowForm form, String reason) {}
