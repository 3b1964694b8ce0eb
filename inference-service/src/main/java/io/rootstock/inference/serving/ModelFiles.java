package io.rootstock.inference.serving;

import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.tokenizer.SpecialTokenRule;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A version's files, verified and local.
 *
 * @param gguf its weights
 * @param shape its dimensions
 * @param rule its special token rule
 * @param blankBeforeFirstPart whether its tokenizer adds a blank before the first part of a text only
 * @param head its classification head; empty unless it is a classifier
 * @param adapter its adapter; empty unless the version consists of a base and an adapter
 */
record ModelFiles(
        Path gguf,
        ModelShape shape,
        SpecialTokenRule rule,
        boolean blankBeforeFirstPart,
        Optional<Path> head,
        Optional<Path> adapter) {}
