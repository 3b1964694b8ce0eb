package io.rootstock.chat;

import io.rootstock.chat.jinja.JinjaTemplate;
import io.rootstock.chat.jinja.runtime.RenderedPiece;
import io.rootstock.chat.jinja.value.JinjaException;
import io.rootstock.chat.jinja.value.Text;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A Jinja chat template as Hugging Face tokenizers carry it, for example {@link #CHATML}.
 *
 * <p>Rendered as in transformers: {@code trim_blocks} and {@code lstrip_blocks} on, no HTML escaping, with
 * {@code messages}, {@code tools}, {@code add_generation_prompt}, {@code raise_exception} and {@code strftime_now}. If
 * callers add BOS to the rendered text themselves, {@code bos_token} is empty. The template can inspect, split and trim
 * contents without restriction; the source of every character is tracked, so that content cannot forge a special token.
 * Immutable.
 */
public final class ChatTemplate {
    /** The ChatML template, the default of tokenizers trained by Rootstock. */
    public static final String CHATML = "{{ bos_token }}{% for message in messages %}"
            + "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
            + "{% endfor %}"
            + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private static final String END_OF_TEXT = "<|end_of_text|>";

    private final String source;
    private final JinjaTemplate template;
    private final String beginOfText;
    private final String endOfText;
    private final Clock clock;
    private final boolean showsTools;
    private final boolean showsToolCalls;

    private ChatTemplate(String source, String beginOfText, String endOfText, Clock clock) {
        this.source = source;
        this.beginOfText = beginOfText;
        this.endOfText = endOfText;
        this.clock = clock;
        try {
            this.template = JinjaTemplate.parse(source);
        } catch (JinjaException e) {
            throw failure(e);
        }
        render(Probes.GREETING);
        this.showsTools = renders(Probes.TOOLS);
        this.showsToolCalls = renders(Probes.TOOL_CALLS);
    }

    /**
     * Parses a template with an empty {@code bos_token} and the {@code eos_token} {@code <|end_of_text|>}.
     *
     * @throws ChatTemplateException if the template fails for a single user message; the message states the reason
     */
    public static ChatTemplate parse(String jinja) {
        return parse(jinja, "", END_OF_TEXT);
    }

    /**
     * Parses a template.
     *
     * @param jinja source of the template
     * @param beginOfText value of {@code bos_token}; empty if callers add BOS themselves
     * @param endOfText value of {@code eos_token}
     * @throws ChatTemplateException if the template fails for a single user message; the message states the reason
     */
    public static ChatTemplate parse(String jinja, String beginOfText, String endOfText) {
        return parse(jinja, beginOfText, endOfText, Clock.system(ZoneId.systemDefault()));
    }

    static ChatTemplate parse(String jinja, String beginOfText, String endOfText, Clock clock) {
        Objects.requireNonNull(jinja, "jinja");
        return new ChatTemplate(jinja, beginOfText, endOfText, clock);
    }

    /** The template's source. */
    public String source() {
        return source;
    }

    /** Whether the template renders {@link Conversation#tools}. */
    public boolean showsTools() {
        return showsTools;
    }

    /** Whether the template renders tool calls of earlier assistant turns and tool results. */
    public boolean showsToolCalls() {
        return showsToolCalls;
    }

    /** Renders a conversation without tools. */
    public List<Segment> render(List<Turn> turns, boolean addGenerationPrompt) {
        return render(Conversation.of(turns, addGenerationPrompt));
    }

    /**
     * Renders a conversation.
     *
     * <p>For {@code [user: Hi, assistant: Hello]} and {@link #CHATML} the segments are {@code "<|im_start|>user\n"}, {@code
     * "Hi"} (content), {@code "<|im_end|>\n<|im_start|>assistant\n"}, {@code "Hello"} (content, answer), {@code
     * "<|im_end|>"} (answer), {@code "\n"}.
     *
     * @throws ChatTemplateException if the template rejects the conversation, loses part of it, or exceeds a limit: a
     *     template may make 64 MiB of texts and lists, a text of 4,194,304 characters, 5,000,000 steps, 500 levels
     */
    public List<Segment> render(Conversation conversation) {
        Sources sources = new Sources(conversation);
        Map<String, Object> variables = sources.variables();
        variables.put("bos_token", Text.of(beginOfText));
        variables.put("eos_token", Text.of(endOfText));
        List<RenderedPiece> written;
        try {
            written = template.render(variables, clock);
        } catch (JinjaException e) {
            throw failure(e);
        }
        sources.requireNothingLost(written);
        return Segments.of(written, sources);
    }

    private boolean renders(Conversation probe) {
        try {
            render(probe);
            return true;
        } catch (ChatTemplateException _) {
            return false;
        }
    }

    private static ChatTemplateException failure(JinjaException cause) {
        return new ChatTemplateException(
                cause.raised()
                        ? "the chat template refuses: " + cause.getMessage()
                        : "the chat template fails" + (cause.line() > 0 ? " in line " + cause.line() : "") + ": "
                                + cause.getMessage(),
                cause);
    }
}
