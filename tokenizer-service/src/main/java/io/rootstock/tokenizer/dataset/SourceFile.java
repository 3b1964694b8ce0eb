package io.rootstock.tokenizer.dataset;

import java.nio.file.Path;

/**
 * An uploaded file.
 *
 * @param name name of the upload; its extension determines the format, and errors of rows mention it
 * @param path path of the verified bytes
 * @param bytes size of the upload
 */
public record SourceFile(String name, Path path, long bytes) {}
