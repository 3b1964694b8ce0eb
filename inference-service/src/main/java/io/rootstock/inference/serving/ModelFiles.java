package io.rootstock.inference.serving;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A version's files, verified and on this machine.
 *
 * @param gguf its weights
 * @param head its classification head; only of a classifier
 */
record ModelFiles(Path gguf, Optional<Path> head) {}
