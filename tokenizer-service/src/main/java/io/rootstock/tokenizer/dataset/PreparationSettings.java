package io.rootstock.tokenizer.dataset;

import io.rootstock.corpus.source.SourceLimits;
import java.nio.file.Path;

/**
 * Settings of preparations.
 *
 * @param folder folder of temporary files
 * @param limits bounds of rows and of decompressed files
 */
public record PreparationSettings(Path folder, SourceLimits limits) {}
