package io.rootstock.cli.demo;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Split of a type, by a checksum of its name: held-out types are in no training data of any step. */
enum DemoSplit {
    TRAIN("train", 123),
    VALIDATION("validation", 124),
    TEST("test", 125);

    private static final int PER_MILLE = 1000;
    private static final int VALIDATION_PER_MILLE = 20;
    private static final int TEST_PER_MILLE = 40;

    private final String split;
    private final long seed;

    DemoSplit(String split, long seed) {
        this.split = split;
        this.seed = seed;
    }

    /** Seed of the generated rows of the split. */
    long seed() {
        return seed;
    }

    /** Name of the split in datasets. */
    String split() {
        return split;
    }

    static DemoSplit of(String qualifiedName) {
        CRC32 checksum = new CRC32();
        checksum.update(qualifiedName.getBytes(StandardCharsets.UTF_8));
        long bucket = checksum.getValue() % PER_MILLE;
        if (bucket < VALIDATION_PER_MILLE) {
            return VALIDATION;
        }
        return bucket < VALIDATION_PER_MILLE + TEST_PER_MILLE ? TEST : TRAIN;
    }

    /** Split of a composition of labelled rows: a tenth each for validation and test. */
    static DemoSplit ofComposition(String composition) {
        CRC32 checksum = new CRC32();
        checksum.update(composition.getBytes(StandardCharsets.UTF_8));
        return switch ((int) (checksum.getValue() % 10)) {
            case 0 -> VALIDATION;
            case 1 -> TEST;
            default -> TRAIN;
        };
    }
}
