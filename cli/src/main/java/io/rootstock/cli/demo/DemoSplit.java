package io.rootstock.cli.demo;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * Which part of the data a type belongs to. Whole types are held out, by a checksum of their names: what a model is
 * tested on, no earlier step of the demo has trained on either.
 */
enum DemoSplit {
    /** Trained on. */
    TRAIN("train"),
    /** Looked at during training. */
    VALIDATION("validation"),
    /** Looked at once, at the end. */
    TEST("test");

    private static final int PARTS = 1000;
    private static final int VALIDATION_PARTS = 20;
    private static final int TEST_PARTS = 40;

    private final String split;

    DemoSplit(String split) {
        this.split = split;
    }

    /** The split's name in datasets. */
    String split() {
        return split;
    }

    static DemoSplit of(String qualifiedName) {
        CRC32 checksum = new CRC32();
        checksum.update(qualifiedName.getBytes(StandardCharsets.UTF_8));
        long part = checksum.getValue() % PARTS;
        if (part < VALIDATION_PARTS) {
            return VALIDATION;
        }
        return part < VALIDATION_PARTS + TEST_PARTS ? TEST : TRAIN;
    }
}
