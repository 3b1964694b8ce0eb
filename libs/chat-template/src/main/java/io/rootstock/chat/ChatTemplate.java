package io.rootstock.chat;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A Jinja chat template as Hugging Face tokenizers carry it, for example {@link #CHATML}.
 *
 * <p>Rendered as transformers does: {@code trim_blocks} and {@code lstrip_blocks} on, no HTML escaping, {@code messages},
 * {@code add_generation_prompt} and {@code raise_exception} given. {@code bos_token} is empty, because callers put the
 * begin token before the rendered text themselves; {@code eos_token} is {@code <|end_of_text|>}. Safe for several
 * threads.
 */
public final class ChatTemplate {
    /** The ChatML template, the default of every tokenizer trained here. */
    public static final String CHATML = "{% for message in messages %}"
            + "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
            + "{% endfor %}"
            + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private static final long LARGEST_OUTPUT = 1 << 22;
    private static final Jinjava ENGINE = engine();

    private final String jinja;

    private ChatTemplate(String jinja) {
        this.jinja = jinja;
    }

    /**
     * Reads a template.
     *
     * @throws ChatTemplateException where the template cannot be rendered even for one user message; the message says why
     */
    public static ChatTemplate parse(String jinja) {
        Objects.requireNonNull(jinja, "jinja");
        if (Placeholders.occurIn(jinja)) {
            throw new ChatTemplateException("a chat template may not use the characters U+E000 and U+E001");
        }
        // Jinja drops one newline at the end of a template's source, jinjava keeps it.
        ChatTemplate template = new ChatTemplate(jinja.endsWith("\n") ? jinja.substring(0, jinja.length() - 1) : jinja);
        template.render(List.of(new Turn("user", "Hello")), true);
        return template;
    }

    /** The template's source. */
    public String source() {
        return jinja;
    }

    /**
     * Renders a conversation, without the begin token.
     *
     * <p>For {@code [user: Hi, assistant: Hello]} and {@link #CHATML} the segments are {@code "<|im_start|>user\n"}, {@code
     * "Hi"} (content), {@code "<|im_end|>\n<|im_start|>assistant\n"}, {@code "Hello"} (content, answer), {@code
     * "<|im_end|>"} (answer), {@code "\n"}.
     *
     * @param turns the conversation
     * @param addGenerationPrompt end with the header of an answer, for the model to go on
     * @throws ChatTemplateException where the template refuses the conversation or loses part of it
     */
    public List<Segment> render(List<Turn> turns, boolean addGenerationPrompt) {
        List<Map<String, Object>> messages = new ArrayList<>();
        for (int turn = 0; turn < turns.size(); turn++) {
            Map<String, Object> message = new LinkedHashMap<>();
            message.put("role", turns.get(turn).role());
            message.put("content", Placeholders.of(turn));
            messages.add(message);
        }
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("messages", messages);
        variables.put("add_generation_prompt", addGenerationPrompt);
        variables.put("bos_token", "");
        variables.put("eos_token", "<|end_of_text|>");
        return Placeholders.replace(rendered(variables), List.copyOf(turns));
    }

    /** Called by templates that refuse a conversation. */
    public static String raiseException(String message) {
        throw new RefusedByTemplateException(message);
    }

    private String rendered(Map<String, Object> variables) {
        RenderResult result = ENGINE.renderForResult(jinja, variables);
        for (TemplateError error : result.getErrors()) {
            for (Throwable cause = error.getException(); cause != null; cause = cause.getCause()) {
                if (cause instanceof RefusedByTemplateException refusal) {
                    throw new ChatTemplateException("the chat template refuses: " + refusal.getMessage(), refusal);
                }
            }
            throw new ChatTemplateException(
                    "the chat template fails in line " + error.getLineno() + ": " + error.getMessage(),
                    error.getException());
        }
        return result.getOutput();
    }

    private static Jinjava engine() {
        Jinjava engine = new Jinjava(JinjavaConfig.newBuilder()
                .withTrimBlocks(true)
                .withLstripBlocks(true)
                .withNestedInterpretationEnabled(false)
                .withFailOnUnknownTokens(false)
                .withMaxOutputSize(LARGEST_OUTPUT)
                .withLegacyOverrides(likeJinja())
                .build());
        engine.registerFunction(
                new ELFunctionDefinition("", "raise_exception", ChatTemplate.class, "raiseException", String.class));
        return engine;
    }

    /**
     * Jinja's own behaviour wherever jinjava has another by default. Two overrides stay off: the "pyish" mapper writes
     * control characters as escapes, and {@code {{x}}} without blanks is valid in Jinja.
     */
    private static LegacyOverrides likeJinja() {
        return LegacyOverrides.Builder.from(LegacyOverrides.ALL)
                .withUsePyishObjectMapper(false)
                .withWhitespaceRequiredWithinTokens(false)
                .build();
    }

    /** What {@code raise_exception} threw, found again among the engine's errors. */
    private static final class RefusedByTemplateException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RefusedByTemplateException(String message) {
            super(message);
        }
    }
}
