package io.rootstock.registry.backup;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.artifacts.Digest;
import io.rootstock.database.Schema;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Contents of a backup.
 *
 * @param format {@link #FORMAT}
 * @param time time of the database's snapshot, ISO 8601 in UTC
 * @param schemas newest migration of each schema of the database
 * @param tables rows, in order of the names
 * @param sequences positions of sequences
 * @param artifacts list of the artifacts: lines of digest and length in bytes
 * @param count number of artifacts
 * @param bytes their length
 * @param dangling digests that the database refers to and that the installation did not have; at most {@link #SHOWN}
 * @param danglingCount number of these digests
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record BackupManifest(
        int format,
        String time,
        Map<String, Integer> schemas,
        List<Table> tables,
        List<Sequence> sequences,
        String artifacts,
        long count,
        long bytes,
        List<String> dangling,
        long danglingCount) {
    /** Version number of the format. */
    static final int FORMAT = 2;
    /** Maximum number of listed digests. */
    static final int SHOWN = 1000;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    /**
     * Rows of a table as an artifact of the backup: PostgreSQL's COPY text format in gzip.
     *
     * @param columns columns in the order of the text
     * @param rows number of rows
     */
    record Table(String schema, String name, List<String> columns, long rows, String digest) {}

    /**
     * A sequence.
     *
     * @param value last value
     */
    record Sequence(String schema, String name, long value) {}

    /** Digests of the rows and of the list of artifacts. */
    List<Digest> parts() {
        List<Digest> parts = new ArrayList<>();
        tables.forEach(table -> parts.add(Digest.parse(table.digest())));
        parts.add(Digest.parse(artifacts));
        return parts;
    }

    /** Returns the newest migration of a schema; 0 if the backup does not have the schema. */
    int version(Schema schema) {
        return schemas.getOrDefault(schema.name(), 0);
    }

    long rows() {
        return tables.stream().mapToLong(Table::rows).sum();
    }

    byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JacksonException e) {
            throw new IllegalStateException("a manifest is always serializable", e);
        }
    }

    /** Parses a manifest; {@link IllegalArgumentException} if it is not one of this format. */
    static BackupManifest parse(byte[] json) {
        try {
            BackupManifest manifest = JSON.readValue(json, BackupManifest.class);
            if (manifest.format() != FORMAT) {
                throw new IllegalArgumentException(
                        "the backup has format " + manifest.format() + ", this release reads " + FORMAT);
            }
            return manifest;
        } catch (IOException e) {
            throw new IllegalArgumentException("the backup's manifest cannot be read: " + e.getMessage(), e);
        }
    }
}
