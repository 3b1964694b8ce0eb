package io.rootstock.cli.chat;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.rootstock.cli.chat.ChatInput.Blank;
import io.rootstock.cli.chat.ChatInput.Exit;
import io.rootstock.cli.chat.ChatInput.Help;
import io.rootstock.cli.chat.ChatInput.Invalid;
import io.rootstock.cli.chat.ChatInput.New;
import io.rootstock.cli.chat.ChatInput.SystemMessage;
import io.rootstock.cli.chat.ChatInput.Temperature;
import io.rootstock.cli.chat.ChatInput.UserMessage;
import io.rootstock.cli.chat.LineEditor.Interruptible;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Table;
import io.rootstock.cli.error.ErrorReport;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A conversation on a terminal. A failed answer is reported, and the conversation continues without its question. Ctrl-C stops
 * an answer; its text so far stays in the conversation.
 */
public final class ChatSession {
    private final LineEditor editor;
    private final Console console;
    private final Answers answers;
    private final List<Message> messages = new ArrayList<>();
    private Optional<String> system;
    private GenerationOptions options;

    /** Answers of a model. */
    @FunctionalInterface
    public interface Answers {
        /**
         * Prints the answer and returns it. Ends early, with the text so far, when the current {@link Context} is cancelled.
         *
         * @param messages the conversation, which ends with a message of the user
         * @param options sampling options
         */
        Message answer(List<Message> messages, GenerationOptions options);
    }

    /**
     * @param system system message; empty: none
     * @param options sampling options at the start
     */
    public ChatSession(
            LineEditor editor, Console console, Answers answers, Optional<String> system, GenerationOptions options) {
        this.editor = editor;
        this.console = console;
        this.answers = answers;
        this.system = system;
        this.options = options;
    }

    /** Reads messages and answers them until the end of the input. */
    public void run() {
        console.note("/help lists the commands; Ctrl-C stops an answer, Ctrl-D ends the chat");
        Optional<ChatInput> input = editor.read().map(ChatInput::parse);
        while (input.isPresent() && !(input.get() instanceof Exit)) {
            handle(input.get());
            input = editor.read().map(ChatInput::parse);
        }
    }

    private void handle(ChatInput input) {
        switch (input) {
            case UserMessage message -> answer(message.text());
            case SystemMessage change -> {
                system = change.text().or(() -> system);
                console.note("system message: " + system.orElse("none"));
            }
            case Temperature change -> {
                change.value().ifPresent(this::setTemperature);
                console.note("temperature: " + temperature());
            }
            case New() -> {
                messages.clear();
                console.note("new conversation");
            }
            case Help() -> help();
            case Invalid invalid -> console.note("error: " + invalid.reason());
            case Blank() -> {}
            case Exit() -> {}
        }
    }

    private void setTemperature(float value) {
        options = options.toBuilder()
                .setSampling(options.getSampling().toBuilder().setTemperature(value))
                .build();
    }

    private String temperature() {
        return options.getSampling().hasTemperature()
                ? String.valueOf(options.getSampling().getTemperature())
                : "the default";
    }

    private void help() {
        Table table = new Table("command", "");
        ChatInput.COMMANDS.forEach(
                command -> table.row((command.name() + " " + command.argument()).strip(), command.description()));
        table.print(console);
        console.print("  A message continues on the next line after a backslash, in triple quotes, and by Alt-Enter.");
    }

    private void answer(String text) {
        messages.add(message("user", text));
        List<Message> conversation = new ArrayList<>();
        system.ifPresent(content -> conversation.add(message("system", content)));
        conversation.addAll(messages);
        Context.CancellableContext answering = Context.current().withCancellation();
        try (Interruptible _ = editor.onInterrupt(() -> answering.cancel(null))) {
            Context before = answering.attach();
            try {
                messages.add(answers.answer(conversation, options));
            } finally {
                answering.detach(before);
            }
        } catch (StatusRuntimeException failure) {
            messages.removeLast();
            ErrorReport.of(failure).lines().forEach(console::note);
        } finally {
            answering.cancel(null);
        }
    }

    private static Message message(String role, String content) {
        return Message.newBuilder().setRole(role).setContent(content).build();
    }
}
