package io.rootstock.inference.completion;

import io.rootstock.chat.ChatTemplate;
import io.rootstock.chat.ChatTemplateException;
import io.rootstock.chat.Conversation;
import io.rootstock.inference.session.Session;
import io.rootstock.inference.v1.Constraint;
import io.rootstock.inference.v1.IgnoredKeyword;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.TokenLogprob;
import io.rootstock.inference.v1.Tool;
import io.rootstock.inference.v1.ToolCall;
import io.rootstock.inference.v1.Tools;
import io.rootstock.service.Errors;
import io.rootstock.toolcalls.InvalidToolUseException;
import io.rootstock.toolcalls.ToolCallParser;
import io.rootstock.toolcalls.ToolUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A prompt with its constraint and the parser of its completions.
 *
 * @param tokens the prompt
 * @param enforced grammar that each completion must match
 * @param splitter creates the splitter of one completion
 */
@SuppressWarnings("ArrayRecordComponent") // records are never compared; boxed tokens would cost memory
record Prompt(int[] tokens, Constraints.EnforcedConstraint enforced, Supplier<DeltaSplitter> splitter) {
    /** Creates a prompt with a model's tokenizer and chat template. */
    @FunctionalInterface
    interface Maker {
        Prompt make(Session session);
    }

    /** A prompt of tokens to continue. */
    static Prompt of(int[] tokens, Constraint constraint) {
        return new Prompt(tokens, Constraints.enforced(constraint), DeltaSplitter::plain);
    }

    /** A prompt of a conversation to answer, with tools. */
    static Prompt of(
            Session session,
            List<Message> messages,
            Tools tools,
            Map<String, Object> variables,
            Constraint constraint) {
        ChatTemplate template = RenderedChat.template(session, "Generate");
        ToolUse use;
        int[] tokens;
        try {
            use = ToolUse.of(ToolMessages.options(tools), template);
            Conversation conversation = use.conversation(ToolMessages.messages(messages), variables);
            tokens = session.model().tokenizer().chatTokens(template, conversation, use.answerBeginning());
        } catch (InvalidToolUseException e) {
            throw Errors.invalidArgument(e.field(), e.reason());
        } catch (ChatTemplateException e) {
            throw Errors.invalidArgument("messages", e.getMessage());
        }
        Supplier<DeltaSplitter> splitter =
                () -> use.parser().<DeltaSplitter>map(ToolCallSplitter::new).orElseGet(DeltaSplitter::plain);
        // Without effect where a function must be called, since a call has no text; clients set both.
        Constraints.EnforcedConstraint text = Constraints.enforced(constraint);
        return new Prompt(
                tokens, use.callSchema().map(schema -> calls(tools, schema)).orElse(text), splitter);
    }

    /**
     * The grammar of a forced call. The arguments of each function are checked alone first, so that errors and ignored
     * keywords name the function's own schema.
     */
    private static Constraints.EnforcedConstraint calls(Tools tools, String callSchema) {
        List<IgnoredKeyword> ignored = new ArrayList<>();
        for (int i = 0; i < tools.getToolsCount(); i++) {
            Tool tool = tools.getTools(i);
            boolean callable =
                    tools.getRequiredName().isEmpty() || tools.getRequiredName().equals(tool.getName());
            if (callable && !tool.getParametersSchema().isEmpty()) {
                ignored.addAll(Constraints.schema(
                                "tools.tools[" + i + "].parameters_schema",
                                tool.getParametersSchema(),
                                tool.getIgnoreUnsupportedKeywords())
                        .ignored());
            }
        }
        return new Constraints.EnforcedConstraint(
                Constraints.schema("tools.tools", callSchema, !ignored.isEmpty())
                        .grammar(),
                ignored);
    }

    /** Separates tool calls from text. Log-probabilities are sent with the next delta of either kind. */
    private static final class ToolCallSplitter implements DeltaSplitter {
        private final ToolCallParser parser;

        ToolCallSplitter(ToolCallParser parser) {
            this.parser = parser;
        }

        @Override
        public List<Delta> push(int index, String text, List<TokenLogprob> logprobs) {
            return deltas(index, parser.push(text), logprobs);
        }

        @Override
        public List<Delta> rest(int index) {
            return deltas(index, parser.rest(), List.of());
        }

        @Override
        public boolean called() {
            return parser.called();
        }

        private static List<Delta> deltas(int index, List<ToolCallParser.Part> parts, List<TokenLogprob> logprobs) {
            List<Delta> deltas = new ArrayList<>();
            List<ToolCall> calls = new ArrayList<>();
            StringBuilder words = new StringBuilder();
            for (ToolCallParser.Part part : parts) {
                switch (part) {
                    case ToolCallParser.Text said -> words.append(said.text());
                    case ToolCallParser.Call made -> calls.add(ToolMessages.call(made.call()));
                }
            }
            if (!words.isEmpty() || !logprobs.isEmpty()) {
                deltas.add(new Delta.Text(index, words.toString(), logprobs));
            }
            if (!calls.isEmpty()) {
                deltas.add(new Delta.Calls(index, calls));
            }
            return deltas;
        }
    }
}
