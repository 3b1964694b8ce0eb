package io.rootstock.cli.command.tokenizer;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Details;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Labels;
import io.rootstock.tokenizer.v1.GetTokenizerRequest;
import io.rootstock.tokenizer.v1.Tokenizer;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rootstock tokenizer show}. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        header = "Show the vocabulary, special tokens and chat template of a tokenizer",
        footer = {"", "Example:", "  rootstock tokenizer show prose"})
final class TokenizerShowCommand extends ServiceCommand {
    @Parameters(paramLabel = "TOKENIZER", description = "Tokenizer name")
    private String tokenizer;

    @Override
    protected int run(Clients clients, Console console) {
        Tokenizer found = clients.tokenizers()
                .getTokenizer(GetTokenizerRequest.newBuilder()
                        .setName(Names.of("tokenizers", tokenizer))
                        .build())
                .getTokenizer();
        console.printJson(found);
        new Details()
                .add("tokenizer", found.getName())
                .add("vocabulary", Integer.toString(found.getVocabularySize()))
                .add("pre-tokenizer", Labels.of(found.getPreTokenizer()))
                .add(
                        "special tokens",
                        found.getSpecialTokensList().stream()
                                .map(token -> token.getText() + " (" + token.getId() + ")")
                                .collect(Collectors.joining(", ")))
                .add("added tokens", TokenizerListCommand.addedTokens(found))
                .add("bytes per token", found.getBytesPerToken() > 0 ? Format.fixed(found.getBytesPerToken(), 2) : "")
                .add("created", Format.time(found.getCreateTime()))
                .add("digest", found.getDigest())
                .add("chat template", found.getChatTemplate())
                .print(console);
        return 0;
    }
}
