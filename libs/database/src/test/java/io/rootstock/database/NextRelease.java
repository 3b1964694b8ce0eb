package io.rootstock.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The schemas of an imaginary later release, with one more migration each, and rows of the first one. */
public final class NextRelease {
    /** Number of the additional migrations. */
    public static final int VERSION = 1000;

    public static final Schema REGISTRY = upgraded(Schema.REGISTRY);
    public static final Schema TOKENIZER = upgraded(Schema.TOKENIZER);

    private NextRelease() {}

    /** Statements that insert at least one row into every table of migration 1 of both schemas. */
    public static String rowsOfMigration1() {
        try (InputStream in = NextRelease.class.getResourceAsStream("/database/rows.sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Schema upgraded(Schema schema) {
        List<String> scripts = new ArrayList<>(schema.scripts());
        scripts.add("V" + VERSION + "__next.sql");
        return new Schema(schema.name(), scripts);
    }
}
