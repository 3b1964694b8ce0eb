package io.rootstock.bench.base;

/** A text with its class label. */
public record LabelledRow(String text, String label) {}
