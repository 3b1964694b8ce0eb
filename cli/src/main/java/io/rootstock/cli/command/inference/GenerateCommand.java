package io.rootstock.cli.command.inference;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.Input;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.LogprobTable;
import io.rootstock.cli.operation.CompletionStream;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerateResponse;
import io.rootstock.inference.v1.GenerateStreamRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock generate}. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = "Continues a text with a served model, as it is made.",
        footer = {"", "Example:", "  rootstock generate javadoc \"Returns the number of\" --maximum-tokens 60"})
public final class GenerateCommand extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "A served model: MODEL or MODEL@ALIAS.")
    private String model;

    @Parameters(index = "1", paramLabel = "PROMPT", description = "The text to continue; - reads standard input.")
    private String prompt;

    @Option(
            names = "--no-special-tokens",
            description = "Do not put BOS before the prompt, where the tokenizer adds it.")
    private boolean withoutSpecialTokens;

    @Mixin
    private SamplingOptions sampling;

    @Override
    protected int run(Clients clients, Console console) {
        String name = Names.of("models", model);
        String text = Input.text(prompt);
        if (sampling.count() == 1) {
            console.note(CompletionStream.line(CompletionStream.generate(
                            clients,
                            GenerateStreamRequest.newBuilder()
                                    .setModel(name)
                                    .setPrompt(text)
                                    .setAddSpecialTokens(!withoutSpecialTokens)
                                    .setOptions(sampling.toMessage())
                                    .build(),
                            console)
                    .finish()));
            return 0;
        }
        // Texts that come at the same time are read one after the other.
        GenerateResponse answer = clients.inference()
                .generate(GenerateRequest.newBuilder()
                        .setModel(name)
                        .setPrompt(text)
                        .setAddSpecialTokens(!withoutSpecialTokens)
                        .setOptions(sampling.toMessage())
                        .build());
        console.printJson(answer);
        answer.getCompletionsList().forEach(one -> {
            console.print("[" + one.getIndex() + "] " + text + one.getText());
            LogprobTable.print(one.getLogprobsList(), console);
            console.note(CompletionStream.line(one.getFinish()));
        });
        return 0;
    }
}
