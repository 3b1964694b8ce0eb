package io.rootstock.cli.chat;

import java.util.List;
import java.util.Optional;

/** An entered line of a conversation: a message or a slash command. */
sealed interface ChatInput {
    /** Slash commands with what they do, in the order of {@code /help}. */
    List<SlashCommand> COMMANDS = List.of(
            new SlashCommand("/system", "[TEXT]", "show or set the system message"),
            new SlashCommand("/temperature", "[X]", "show or set the sampling temperature; 0: greedy"),
            new SlashCommand("/new", "", "forget the conversation, keep the settings"),
            new SlashCommand("/help", "", "show this help"),
            new SlashCommand("/exit", "", "end the chat, as Ctrl-D does"));

    /** A slash command in the help. */
    record SlashCommand(String name, String argument, String description) {}

    /** A message to the model; may be several lines. */
    record UserMessage(String text) implements ChatInput {}

    /** Sets the system message; empty: shows it. */
    record SystemMessage(Optional<String> text) implements ChatInput {}

    /** Sets the temperature; empty: shows it. */
    record Temperature(Optional<Float> value) implements ChatInput {}

    /** Forgets the messages. */
    record New() implements ChatInput {}

    /** Shows the slash commands. */
    record Help() implements ChatInput {}

    /** Ends the chat. */
    record Exit() implements ChatInput {}

    /** A line without text. */
    record Blank() implements ChatInput {}

    /** A slash command that cannot be run. */
    record Invalid(String reason) implements ChatInput {}

    /** Reads an entered line. A message that begins with a slash is entered with two. */
    static ChatInput parse(String line) {
        String text = line.strip();
        if (text.isEmpty()) {
            return new Blank();
        }
        if (!text.startsWith("/")) {
            return new UserMessage(text);
        }
        if (text.startsWith("//")) {
            return new UserMessage(text.substring(1));
        }
        String[] words = text.split("\\s+", 2);
        Optional<String> argument = words.length < 2 ? Optional.empty() : Optional.of(words[1].strip());
        return switch (words[0]) {
            case "/system" -> new SystemMessage(argument);
            case "/temperature" ->
                argument.map(ChatInput::temperature).orElseGet(() -> new Temperature(Optional.empty()));
            case "/new" -> new New();
            case "/help", "/?" -> new Help();
            case "/exit", "/quit" -> new Exit();
            default ->
                new Invalid("unknown command " + words[0] + "; /help lists the commands, and a message that begins"
                        + " with a slash is entered with two");
        };
    }

    private static ChatInput temperature(String argument) {
        try {
            float value = Float.parseFloat(argument);
            return value >= 0 && Float.isFinite(value)
                    ? new Temperature(Optional.of(value))
                    : new Invalid("the temperature must be at least 0, was " + argument);
        } catch (NumberFormatException notANumber) {
            return new Invalid("the temperature must be a number, such as 0.8, was '" + argument + "'");
        }
    }
}
