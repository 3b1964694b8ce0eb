package io.rootstock.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code rootstock tokenizer}: groups its commands. */
@Command(
        name = "tokenizer",
        mixinStandardHelpOptions = true,
        description = "Trains byte-level BPE tokenizers, and turns text into tokens and back.",
        footer = {"", "Example:", "  rootstock tokenizer train prose --file book.txt --vocabulary 4096"},
        subcommands = {
            TokenizerTrainCommand.class,
            TokenizerEncodeCommand.class,
            TokenizerDecodeCommand.class,
            TokenizerListCommand.class
        })
final class TokenizerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        return RootCommand.showHelp(spec);
    }
}
