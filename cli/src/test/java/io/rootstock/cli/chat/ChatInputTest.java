package io.rootstock.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.cli.chat.ChatInput.Blank;
import io.rootstock.cli.chat.ChatInput.Exit;
import io.rootstock.cli.chat.ChatInput.Invalid;
import io.rootstock.cli.chat.ChatInput.SystemMessage;
import io.rootstock.cli.chat.ChatInput.Temperature;
import io.rootstock.cli.chat.ChatInput.UserMessage;
import java.util.Optional;
import org.jline.reader.EOFError;
import org.jline.reader.Parser.ParseContext;
import org.junit.jupiter.api.Test;

final class ChatInputTest {
    @Test
    void readsMessagesAndCommands() {
        assertThat(ChatInput.parse(" hi ")).isEqualTo(new UserMessage("hi"));
        assertThat(ChatInput.parse("//etc is a folder")).isEqualTo(new UserMessage("/etc is a folder"));
        assertThat(ChatInput.parse("/system Be brief.\nAlways."))
                .isEqualTo(new SystemMessage(Optional.of("Be brief.\nAlways.")));
        assertThat(ChatInput.parse("/system")).isEqualTo(new SystemMessage(Optional.empty()));
        assertThat(ChatInput.parse("/temperature 0")).isEqualTo(new Temperature(Optional.of(0f)));
        assertThat(ChatInput.parse("/quit")).isEqualTo(new Exit());
        assertThat(ChatInput.parse("  ")).isEqualTo(new Blank());
    }

    @Test
    void refusesInvalidCommandsWithTheReason() {
        assertThat(ChatInput.parse("/temperature warm"))
                .isEqualTo(new Invalid("the temperature must be a number, such as 0.8, was 'warm'"));
        assertThat(ChatInput.parse("/temperature -1"))
                .isEqualTo(new Invalid("the temperature must be at least 0, was -1"));
        assertThat(ChatInput.parse("/nonsense"))
                .isInstanceOfSatisfying(
                        Invalid.class, invalid -> assertThat(invalid.reason()).startsWith("unknown command /nonsense"));
    }

    @Test
    void aMessageContinuesAfterABackslashAndInTripleQuotes() {
        MessageParser parser = new MessageParser();
        for (String open : new String[] {"one \\", "\"\"\"", "\"\"\"one\ntwo"}) {
            assertThatThrownBy(() -> parser.parse(open, open.length(), ParseContext.ACCEPT_LINE))
                    .isInstanceOf(EOFError.class);
        }
        assertThat(parser.parse("say \"\"\"", 8, ParseContext.ACCEPT_LINE).line())
                .isEqualTo("say \"\"\"");
        assertThat(MessageParser.message("one \\\ntwo")).isEqualTo("one \ntwo");
        assertThat(MessageParser.message("\"\"\"one\ntwo\"\"\"")).isEqualTo("one\ntwo");
        assertThat(MessageParser.message("a \\ b")).isEqualTo("a \\ b");
    }
}
