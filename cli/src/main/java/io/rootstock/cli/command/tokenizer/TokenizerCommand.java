package io.rootstock.cli.command.tokenizer;

import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.Subcommands;
import picocli.CommandLine.Command;

/** {@code rootstock tokenizer}: groups its commands. */
@Command(
        name = "tokenizer",
        mixinStandardHelpOptions = true,
        header = "Train and use byte-level BPE tokenizers",
        footer = {"", "Example:", "  rootstock tokenizer train prose --file book.txt --vocabulary 4096"})
@Subcommands({
    TokenizerTrainCommand.class,
    TokenizerEncodeCommand.class,
    TokenizerDecodeCommand.class,
    TokenizerListCommand.class,
    TokenizerShowCommand.class,
    TokenizerDeleteCommand.class
})
public final class TokenizerCommand extends GroupCommand {}
