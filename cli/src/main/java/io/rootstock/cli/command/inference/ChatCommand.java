package io.rootstock.cli.command.inference;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.command.Input;
import io.rootstock.cli.command.ServiceCommand;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.LogprobTable;
import io.rootstock.cli.operation.CompletionStream;
import io.rootstock.inference.v1.ChatRequest;
import io.rootstock.inference.v1.ChatResponse;
import io.rootstock.inference.v1.ChatStreamRequest;
import io.rootstock.inference.v1.Message;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock chat}. */
@Command(
        name = "chat",
        mixinStandardHelpOptions = true,
        header = "Chat with a served instruction model",
        description = "Without MESSAGE, reads one message per line from standard input and keeps the"
                + " conversation; an empty line ends it.",
        footer = {"", "Example:", "  rootstock chat javadoc-instruct \"int java.util.List.size()\" --temperature 0"})
public final class ChatCommand extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "Name of a served instruction model")
    private String model;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "MESSAGE",
            description = "User message; - reads standard input")
    private String userMessage;

    @Option(names = "--system", paramLabel = "TEXT", description = "System message at the start of the conversation")
    private String system;

    @Mixin
    private SamplingOptions sampling;

    @Override
    protected int run(Clients clients, Console console) {
        List<Message> messages = new ArrayList<>();
        if (system != null) {
            messages.add(message("system", system));
        }
        if (userMessage != null) {
            send(clients, messages, Input.text(userMessage), console);
            return 0;
        }
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            for (String line = read(lines, console); line != null && !line.isBlank(); line = read(lines, console)) {
                send(clients, messages, line, console);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read standard input", failure);
        }
        return 0;
    }

    private static String read(BufferedReader lines, Console console) throws IOException {
        if (console.interactive()) {
            console.err().print("> ");
            console.err().flush();
        }
        return lines.readLine();
    }

    private void send(Clients clients, List<Message> messages, String content, Console console) {
        messages.add(message("user", content));
        messages.add(sampling.n() == 1 ? stream(clients, messages, console) : complete(clients, messages, console));
    }

    private Message stream(Clients clients, List<Message> messages, Console console) {
        CompletionStream.Completion completion = CompletionStream.chat(
                clients,
                ChatStreamRequest.newBuilder()
                        .setModel(Names.of("models", model))
                        .addAllMessages(messages)
                        .setOptions(sampling.toMessage())
                        .build(),
                console);
        console.note(CompletionStream.summary(completion.finish()));
        return message("assistant", completion.text());
    }

    /** Prints several completions; the conversation continues with the first. */
    private Message complete(Clients clients, List<Message> messages, Console console) {
        ChatResponse response = clients.inference()
                .chat(ChatRequest.newBuilder()
                        .setModel(Names.of("models", model))
                        .addAllMessages(messages)
                        .setOptions(sampling.toMessage())
                        .build());
        console.printJson(response);
        response.getAnswersList().forEach(answer -> {
            console.print("[" + answer.getIndex() + "] " + answer.getMessage().getContent());
            LogprobTable.print(answer.getLogprobsList(), console);
            console.note(CompletionStream.summary(answer.getFinish()));
        });
        return response.getAnswers(0).getMessage();
    }

    private static Message message(String role, String content) {
        return Message.newBuilder().setRole(role).setContent(content).build();
    }
}
