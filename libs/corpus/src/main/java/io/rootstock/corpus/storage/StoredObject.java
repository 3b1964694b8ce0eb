package io.rootstock.corpus.storage;

/**
 * A file of a storage at one time.
 *
 * @param address address, such as {@code s3://crawl/2026/a.jsonl.gz}
 * @param bytes length
 * @param version version of its content, such as the ETag of an S3 object; never empty
 */
public record StoredObject(String address, long bytes, String version) {}
