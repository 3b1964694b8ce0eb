package io.rootstock.corpus.reader;

/**
 * A record that is not read.
 *
 * @param location file and place: {@code a.jsonl:12} (line), {@code b.warc.gz@1048576} (offset in the decompressed
 *     bytes) or {@code c.parquet#100} (row, from 0)
 * @param reason reason and remedy
 */
public record RefusedRecord(String location, String reason) {}
