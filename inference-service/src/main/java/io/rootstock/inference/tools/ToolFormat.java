package io.rootstock.inference.tools;

import io.rootstock.chat.ChatTemplate;

/** How a model writes calls, as its chat template shows. */
enum ToolFormat {
    /** Hermes and Qwen, and every template that knows no tools: JSON between tags, one pair for each call. */
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

    /** What calls begin with; special tokens that are left out of the text do not matter. */
    String begin() {
        return begin;
    }

    /** What a call ends with; empty: the end of the answer. */
    String end() {
        return end;
    }

    /** What an answer begins with that must be a call, before the call's JSON. */
    String answerBeginning() {
        return answerBeginning;
    }

    /** The member of a call's JSON that has the arguments. */
    String argumentsKey() {
        return argumentsKey;
    }
}
