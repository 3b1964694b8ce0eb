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
        header = "Generate a completion of a prompt",
        footer = {"", "Example:", "  rootstock generate javadoc \"Returns the number of\" --max-tokens 60"})
public final class GenerateCommand extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "Served model: MODEL or MODEL@ALIAS")
    private String model;

    @Parameters(index = "1", paramLabel = "PROMPT", description = "Prompt; - reads standard input")
    private String prompt;

    @Option(names = "--no-special-tokens", description = "Do not add BOS to the prompt")
    private boolean withoutSpecialTokens;

    @Mixin
    private SamplingOptions sampling;

    @Override
    protected int run(Clients clients, Console console) {
        String name = Names.of("models", model);
        String text = Input.text(prompt);
        if (sampling.n() == 1) {
            console.note(CompletionStream.summary(CompletionStream.generate(
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
        // Several parallel completions are printed when all are complete.
        GenerateResponse response = clients.inference()
                .generate(GenerateRequest.newBuilder()
                        .setModel(name)
                        .setPrompt(text)
                        .setAddSpecialTokens(!withoutSpecialTokens)
                        .setOptions(sampling.toMessage())
                        .build());
        console.printJson(response);
        response.getCompletionsList().forEach(completion -> {
            console.print("[" + completion.getIndex() + "] " + text + completion.getText());
            LogprobTable.print(completion.getLogprobsList(), console);
            console.note(CompletionStream.summary(completion.getFinish()));
        });
        return 0;
    }
}
