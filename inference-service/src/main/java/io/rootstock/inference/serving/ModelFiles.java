package io.rootstock.inference.serving;

import io.rootstock.checkpoint.LlamaConfig;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A version's files, verified and on this machine.
 *
 * @param gguf its weights
 * @param shape its dimensions
 * @param head its classification head; only of a classifier
 */
record ModelFiles(Path gguf, LlamaConfig shape, Optional<Path> head) {}
