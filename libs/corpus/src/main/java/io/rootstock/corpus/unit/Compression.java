package io.rootstock.corpus.unit;

import java.util.Locale;

/** Compression of a whole file, identified by the last ending of its name. */
public enum Compression {
    /** Uncompressed, or compressed inside, as parquet is. */
    NONE(""),
    /** One or more gzip members. */
    GZIP(".gz"),
    /** One or more Zstandard frames. */
    ZSTD(".zst");

    private final String ending;

    Compression(String ending) {
        this.ending = ending;
    }

    /** Returns the compression of a file name. */
    public static Compression of(String fileName) {
        String name = fileName.toLowerCase(Locale.ROOT);
        if (name.endsWith(GZIP.ending)) {
            return GZIP;
        }
        return name.endsWith(ZSTD.ending) ? ZSTD : NONE;
    }

    /** Returns a file name without the ending of this compression. */
    String strip(String fileName) {
        return fileName.substring(0, fileName.length() - ending.length());
    }
}
