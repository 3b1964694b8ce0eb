package io.rootstock.chat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands in for the contents while a template renders, and puts them back afterwards.
 *
 * <p>The template engine never sees what a user wrote, so no content can reach its syntax or forge a special token. A
 * placeholder is {@code U+001C U+E000 index U+E001 U+001D}: its outer characters are white space to Jinja, so a template
 * that trims a content trims them off, and the content is then trimmed on the same side.
 */
final class Placeholders {
    private static final String BEFORE = "\u001C";
    private static final String OPEN = "\uE000";
    private static final String CLOSE = "\uE001";
    private static final String AFTER = "\u001D";
    private static final Pattern PLACEHOLDER =
            Pattern.compile("(" + BEFORE + "?)" + OPEN + "([0-9]+)" + CLOSE + "(" + AFTER + "?)");

    /** The special token right behind an answer, such as {@code <|im_end|>} or {@code </s>}. */
    private static final Pattern CLOSING_TOKEN = Pattern.compile("<\\|[A-Za-z0-9_]+\\|>|</s>|<end_of_turn>");

    private Placeholders() {}

    static String of(int turn) {
        return BEFORE + OPEN + turn + CLOSE + AFTER;
    }

    static boolean occurIn(String text) {
        return text.contains(OPEN) || text.contains(CLOSE);
    }

    static List<Segment> replace(String rendered, List<Turn> turns) {
        List<Segment> segments = new ArrayList<>();
        BitSet seen = new BitSet();
        Matcher matcher = PLACEHOLDER.matcher(rendered);
        int end = 0;
        boolean afterAnswer = false;
        while (matcher.find()) {
            addTemplateText(segments, rendered.substring(end, matcher.start()), afterAnswer);
            int index = Integer.parseInt(matcher.group(2));
            Turn turn = turns.get(index);
            seen.set(index);
            afterAnswer = turn.role().equals(Turn.ASSISTANT);
            String content = trimmed(
                    turn.content(), matcher.group(1).isEmpty(), matcher.group(3).isEmpty());
            if (!content.isEmpty()) {
                segments.add(new Segment(content, Segment.Kind.CONTENT, afterAnswer));
            }
            end = matcher.end();
        }
        addTemplateText(segments, rendered.substring(end), afterAnswer);
        int missing = seen.nextClearBit(0);
        if (missing < turns.size()) {
            throw new ChatTemplateException("the chat template leaves out message " + (missing + 1) + " of "
                    + turns.size() + " (role " + turns.get(missing).role() + ")");
        }
        return List.copyOf(segments);
    }

    private static void addTemplateText(List<Segment> segments, String text, boolean afterAnswer) {
        if (occurIn(text)) {
            throw new ChatTemplateException(
                    "the chat template changes or cuts a message's content, which is not supported");
        }
        int closing = 0;
        Matcher matcher = CLOSING_TOKEN.matcher(text);
        if (afterAnswer && matcher.lookingAt()) {
            closing = matcher.end();
            segments.add(new Segment(text.substring(0, closing), Segment.Kind.TEMPLATE, true));
        }
        if (closing < text.length()) {
            segments.add(new Segment(text.substring(closing), Segment.Kind.TEMPLATE, false));
        }
    }

    private static String trimmed(String content, boolean left, boolean right) {
        String result = left ? content.stripLeading() : content;
        return right ? result.stripTrailing() : result;
    }
}
