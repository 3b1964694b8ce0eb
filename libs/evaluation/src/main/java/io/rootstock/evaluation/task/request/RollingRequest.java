package io.rootstock.evaluation.task.request;

/**
 * Log-probability of a whole document, after the token that begins a text.
 *
 * @param text the document
 */
public record RollingRequest(String text) implements Request {}
