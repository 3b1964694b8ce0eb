package io.rootstock.cli.command.inference;

import io.grpc.Context;
import io.rootstock.cli.chat.ChatSession;
import io.rootstock.cli.chat.ChatSession.Answers;
import io.rootstock.cli.chat.LineEditor;
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
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Message;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rootstock chat}. */
@Command(
        name = "chat",
        mixinStandardHelpOptions = true,
        header = "Chat with a served instruction model",
        description =
                "Without MESSAGE, opens a conversation on a terminal: with history, messages of several lines, and"
                        + " commands such as /system and /temperature; Ctrl-C stops an answer, Ctrl-D ends the chat. Without a"
                        + " terminal, reads one message per line from standard input; an empty line ends it.",
        footer = {"", "Example:", "  rootstock chat javadoc-stream \"Sort and count the names.\" --temperature 0"})
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
        Answers answers = (messages, options) -> options.getN() > 1
                ? complete(clients, messages, options, console)
                : stream(clients, messages, options, console);
        if (userMessage == null && console.interactive() && !console.json()) {
            try (LineEditor editor = LineEditor.open(home())) {
                new ChatSession(editor, console, answers, Optional.ofNullable(system), sampling.toMessage()).run();
            }
            return 0;
        }
        List<Message> messages = new ArrayList<>();
        if (system != null) {
            messages.add(message("system", system));
        }
        if (userMessage != null) {
            send(answers, messages, Input.text(userMessage));
            return 0;
        }
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            for (String line = lines.readLine(); line != null && !line.isBlank(); line = lines.readLine()) {
                send(answers, messages, line);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot read standard input", failure);
        }
        return 0;
    }

    private void send(Answers answers, List<Message> messages, String content) {
        messages.add(message("user", content));
        messages.add(answers.answer(messages, sampling.toMessage()));
    }

    private Message stream(Clients clients, List<Message> messages, GenerationOptions options, Console console) {
        CompletionStream.Completion completion = CompletionStream.chat(
                clients,
                ChatStreamRequest.newBuilder()
                        .setModel(Names.of("models", model))
                        .addAllMessages(messages)
                        .setOptions(options)
                        .build(),
                console);
        console.note(
                Context.current().isCancelled()
                        ? "stopped; the answer so far stays in the conversation"
                        : CompletionStream.summary(completion.finish()));
        return message("assistant", completion.text());
    }

    /** Prints several completions; the conversation continues with the first. */
    private Message complete(Clients clients, List<Message> messages, GenerationOptions options, Console console) {
        ChatResponse response = clients.inference()
                .chat(ChatRequest.newBuilder()
                        .setModel(Names.of("models", model))
                        .addAllMessages(messages)
                        .setOptions(options)
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
