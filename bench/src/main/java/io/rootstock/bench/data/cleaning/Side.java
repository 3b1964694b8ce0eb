package io.rootstock.bench.data.cleaning;

/** One of the two corpora that are compared. */
enum Side {
    RAW,
    CLEANED;

    String label() {
        return switch (this) {
            case RAW -> "raw";
            case CLEANED -> "cleaned";
        };
    }
}
