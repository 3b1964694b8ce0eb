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
        description = "Asks a served instruction model. Without a message it reads one from each line and keeps the"
                + " conversation; an empty line ends it.",
        footer = {"", "Example:", "  rootstock chat javadoc-instruct \"int java.util.List.size()\" --temperature 0"})
public final class ChatCommand extends ServiceCommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "A served instruction model.")
    private String model;

    @Parameters(index = "1", arity = "0..1", paramLabel = "MESSAGE", description = "What to ask.")
    private String message;

    @Option(names = "--system", paramLabel = "TEXT", description = "A system turn before the first question.")
    private String system;

    @Mixin
    private SamplingOptions sampling;

    @Override
    protected int run(Clients clients, Console console) {
        List<Message> turns = new ArrayList<>();
        if (system != null) {
            turns.add(turn("system", system));
        }
        if (message != null) {
            ask(clients, turns, Input.text(message), console);
            return 0;
        }
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            for (String line = read(lines, console); line != null && !line.isBlank(); line = read(lines, console)) {
                ask(clients, turns, line, console);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("standard input cannot be read", failure);
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

    private void ask(Clients clients, List<Message> turns, String question, Console console) {
        turns.add(turn("user", question));
        turns.add(sampling.count() == 1 ? answer(clients, turns, console) : firstAnswer(clients, turns, console));
    }

    private Message answer(Clients clients, List<Message> turns, Console console) {
        CompletionStream.Answer answer = CompletionStream.chat(
                clients,
                ChatStreamRequest.newBuilder()
                        .setModel(Names.of("models", model))
                        .addAllMessages(turns)
                        .setOptions(sampling.toMessage())
                        .build(),
                console);
        console.note(CompletionStream.line(answer.finish()));
        return turn("assistant", answer.text());
    }

    /** Shows several answers; the conversation goes on with the first. */
    private Message firstAnswer(Clients clients, List<Message> turns, Console console) {
        ChatResponse response = clients.inference()
                .chat(ChatRequest.newBuilder()
                        .setModel(Names.of("models", model))
                        .addAllMessages(turns)
                        .setOptions(sampling.toMessage())
                        .build());
        console.printJson(response);
        response.getAnswersList().forEach(one -> {
            console.print("[" + one.getIndex() + "] " + one.getMessage().getContent());
            LogprobTable.print(one.getLogprobsList(), console);
            console.note(CompletionStream.line(one.getFinish()));
        });
        return response.getAnswers(0).getMessage();
    }

    private static Message turn(String role, String content) {
        return Message.newBuilder().setRole(role).setContent(content).build();
    }
}
