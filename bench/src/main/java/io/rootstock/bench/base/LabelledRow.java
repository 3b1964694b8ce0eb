package io.rootstock.bench.base;

/** A text and its class. */
record LabelledRow(String text, String label) {}
