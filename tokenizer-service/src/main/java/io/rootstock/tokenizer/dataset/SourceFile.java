package io.rootstock.tokenizer.dataset;

import java.nio.file.Path;

/**
 * An uploaded file.
 *
 * @param name the name it was uploaded with; its ending tells the format, and refused rows are reported with it
 * @param path where its verified bytes are
 * @param bytes its size as uploaded
 */
public record SourceFile(String name, Path path, long bytes) {}
