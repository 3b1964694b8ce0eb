package io.rootstock.inference.serving;

import io.rootstock.checkpoint.LlamaConfig;
import io.rootstock.checkpoint.SpecialTokenRule;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A version's files, verified and on this machine.
 *
 * @param gguf its weights
 * @param shape its dimensions
 * @param rule its special tokens, and which of them are added to a text
 * @param head its classification head; only of a classifier
 * @param adapter the adapter that is a part of it
 */
record ModelFiles(Path gguf, LlamaConfig shape, SpecialTokenRule rule, Optional<Path> head, Optional<Path> adapter) {}
