package io.rootstock.bench.base;

/** A text with its class label. */
record LabelledRow(String text, String label) {}
