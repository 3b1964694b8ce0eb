package io.rootstock.inference.pooling;

import io.rootstock.chat.Segment;
import io.rootstock.inference.completion.RenderedChat;
import io.rootstock.inference.model.ModelTokenizer;
import io.rootstock.inference.session.Session;
import io.rootstock.inference.v1.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A rendered conversation whose answer is scored.
 *
 * @param segments its parts, up to the header of the answer
 */
record ChatPrompt(List<Segment> segments) {
    /**
     * Renders the messages of a score request.
     *
     * @throws io.grpc.StatusRuntimeException FAILED_PRECONDITION without a chat template, INVALID_ARGUMENT if it refuses the
     *     messages
     */
    static ChatPrompt of(Session session, List<Message> messages) {
        return new ChatPrompt(RenderedChat.of(session, messages, "prompt_messages", "prompt"));
    }

    /** The boundary between the conversation and an answer, whose special tokens are plain text. */
    JointBoundary boundary(ModelTokenizer tokenizer) {
        String rendered = segments.stream().map(Segment::text).collect(Collectors.joining());
        return new JointBoundary(
                text -> tokenizer.chatTokens(
                        text.length() < rendered.length()
                                ? cut(text.length())
                                : followedBy(text.substring(rendered.length()))),
                tokenizer.prefix(),
                rendered);
    }

    /** The segments of the first characters. */
    private List<Segment> cut(int length) {
        List<Segment> cut = new ArrayList<>();
        int left = length;
        for (Segment segment : segments) {
            if (left <= segment.text().length()) {
                if (left > 0) {
                    cut.add(new Segment(segment.text().substring(0, left), segment.kind(), segment.answer()));
                }
                break;
            }
            cut.add(segment);
            left -= segment.text().length();
        }
        return cut;
    }

    private List<Segment> followedBy(String answer) {
        List<Segment> all = new ArrayList<>(segments);
        if (!answer.isEmpty()) {
            all.add(new Segment(answer, Segment.Kind.CONTENT, true));
        }
        return all;
    }
}
