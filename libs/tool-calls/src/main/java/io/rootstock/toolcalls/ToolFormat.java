package io.rootstock.toolcalls;

import io.rootstock.chat.ChatTemplate;

/** The format in which a model writes tool calls, detected from its chat template. */
enum ToolFormat {
    /** Hermes and Qwen, and all templates without tool support: JSON between tags, one pair for each call. */
    TAGGED("<tool_call>", "</tool_call>", "<tool_call>\n", "arguments"),
    /** Llama 3.1: the whole answer is a JSON object with {@code parameters}. */
    BARE("<|python_tag|>", "", "", "parameters"),
    /** Mistral: a JSON array of calls behind a marker. */
    LISTED("[TOOL_CALLS]", "", "[TOOL_CALLS] [", "arguments");

    private final String begin;
    private final String end;
    private final String answerBeginning;
    private final String argumentsKey;

    ToolFormat(String begin, String end, String answerBeginning, String argumentsKey) {
        this.begin = begin;
        this.end = end;
        this.answerBeginning = answerBeginning;
        this.argumentsKey = argumentsKey;
    }

    static ToolFormat of(ChatTemplate template) {
        String source = template.source();
        if (!template.showsTools() || source.contains(TAGGED.begin)) {
            return TAGGED;
        }
        if (source.contains(LISTED.begin)) {
            return LISTED;
        }
        return source.contains("\"parameters\"") ? BARE : TAGGED;
    }

    /** Marker before a call; may be missing if special tokens are omitted from the text. */
    String begin() {
        return begin;
    }

    /** Marker after a call; empty if the end of the answer ends it. */
    String end() {
        return end;
    }

    /** Beginning of an answer that must be a call, before the call's JSON. */
    String answerBeginning() {
        return answerBeginning;
    }

    /** Name of the member with the arguments in a call's JSON. */
    String argumentsKey() {
        return argumentsKey;
    }
}
