package io.rootstock.cli.command.serving;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.GroupCommand;
import io.rootstock.cli.command.Input;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.command.Subcommands;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.error.CliException;
import io.rootstock.inference.v1.AbortRequest;
import io.rootstock.inference.v1.AbortResponse;
import io.rootstock.inference.v1.DetokenizeRequest;
import io.rootstock.inference.v1.DetokenizeResponse;
import io.rootstock.inference.v1.DrainRequest;
import io.rootstock.inference.v1.DrainResponse;
import io.rootstock.inference.v1.TokenizeRequest;
import io.rootstock.inference.v1.TokenizeResponse;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock serving}: groups its commands. */
@Command(
        name = "serving",
        mixinStandardHelpOptions = true,
        header = "Inspect and control the inference service",
        footer = {"", "Example:", "  rootstock serving load"})
@Subcommands({
    ServingLoadCommand.class,
    ServingCommand.AbortCommand.class,
    ServingCommand.DrainCommand.class,
    ServingCommand.TokenizeCommand.class,
    ServingCommand.DetokenizeCommand.class,
    ServingAdaptersCommand.class
})
public final class ServingCommand extends GroupCommand {
    /** {@code rootstock serving abort}. */
    @Command(
            name = "abort",
            mixinStandardHelpOptions = true,
            header = "Abort a queued or running request by its ID",
            description = "Asks every pod that the name of the endpoint resolves to.",
            footer = {"", "Example:", "  rootstock serving abort nightly-report"})
    static final class AbortCommand extends ServiceCommand {
        @Parameters(paramLabel = "ID", description = "Request ID (--request-id)")
        private String requestId;

        @Override
        protected int run(Clients clients, Console console) {
            AbortRequest request =
                    AbortRequest.newBuilder().setRequestId(requestId).build();
            int aborted = 0;
            for (AbortResponse response :
                    clients.servingPods().call(pod -> pod.abort(request)).values()) {
                console.printJson(response);
                aborted += response.getAborted();
            }
            if (aborted == 0) {
                throw new CliException(
                        "request '" + requestId + "' not found",
                        "the request may have completed; see rootstock serving load");
            }
            console.print("aborted " + Format.counted(aborted, "completion"));
            return 0;
        }
    }

    /** {@code rootstock serving detokenize}. */
    @Command(
            name = "detokenize",
            mixinStandardHelpOptions = true,
            header = "Convert token IDs of a served model to text",
            footer = {"", "Example:", "  rootstock serving detokenize javadoc 53 82 11"})
    static final class DetokenizeCommand extends ServiceCommand {
        @Parameters(index = "0", paramLabel = "MODEL", description = "Name of a served model")
        private String model;

        @Parameters(index = "1..*", arity = "1..*", paramLabel = "TOKEN", description = "Token IDs")
        private List<Integer> tokens;

        @Override
        protected int run(Clients clients, Console console) {
            DetokenizeResponse response = clients.inference()
                    .detokenize(DetokenizeRequest.newBuilder()
                            .setModel(Names.of("models", model))
                            .addAllTokens(tokens)
                            .build());
            console.printJson(response);
            console.print(response.getText());
            return 0;
        }
    }

    /** {@code rootstock serving drain}. */
    @Command(
            name = "drain",
            mixinStandardHelpOptions = true,
            header = "Drain the inference service",
            description = "Rejects new requests and waits for running ones. A drained service accepts requests"
                    + " only after a restart. Drains every pod that the name of the endpoint resolves to.",
            footer = {"", "Example:", "  rootstock serving drain --seconds 60"})
    static final class DrainCommand extends ServiceCommand {
        @Option(
                names = "--seconds",
                paramLabel = "N",
                defaultValue = "0",
                description = "Timeout in seconds, after which running requests are aborted [default: drain timeout of"
                        + " the service]")
        private int seconds;

        @Override
        protected int run(Clients clients, Console console) {
            DrainRequest request = DrainRequest.newBuilder().setSeconds(seconds).build();
            int unfinished = 0;
            for (DrainResponse response :
                    clients.servingPods().call(pod -> pod.drain(request)).values()) {
                console.printJson(response);
                unfinished += response.getUnfinished();
            }
            console.print(
                    unfinished == 0 ? "drained" : "drained; " + unfinished + " requests aborted after the timeout");
            return 0;
        }
    }

    /** {@code rootstock serving tokenize}. */
    @Command(
            name = "tokenize",
            mixinStandardHelpOptions = true,
            header = "Tokenize text with the tokenizer of a served model",
            footer = {"", "Example:", "  rootstock serving tokenize javadoc \"Returns the size.\""})
    static final class TokenizeCommand extends ServiceCommand {
        @Parameters(index = "0", paramLabel = "MODEL", description = "Name of a served model")
        private String model;

        @Parameters(index = "1", paramLabel = "TEXT", description = "Text to tokenize; - reads standard input")
        private String text;

        @Option(names = "--special", description = "Parse special tokens in the text")
        private boolean special;

        @Option(
                names = "--add-special-tokens",
                description = "Add BOS and EOS according to the tokenizer's configuration")
        private boolean addSpecialTokens;

        @Override
        protected int run(Clients clients, Console console) {
            TokenizeResponse response = clients.inference()
                    .tokenize(TokenizeRequest.newBuilder()
                            .setModel(Names.of("models", model))
                            .setText(Input.text(text))
                            .setParseSpecial(special)
                            .setAddSpecialTokens(addSpecialTokens)
                            .build());
            console.printJson(response);
            console.print(response.getTokensList().stream().map(String::valueOf).collect(Collectors.joining(" ")));
            console.note(response.getTokensCount() + " tokens of " + Names.brief(response.getVersion()));
            return 0;
        }
    }
}
