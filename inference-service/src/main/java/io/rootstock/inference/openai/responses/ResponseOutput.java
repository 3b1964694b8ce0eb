package io.rootstock.inference.openai.responses;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.inference.completion.Delta;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.FinishReason;
import io.rootstock.inference.v1.TokenLogprob;
import io.rootstock.inference.v1.ToolCall;
import java.util.ArrayList;
import java.util.List;

/** Converts the deltas of a completion to the output items of a response, and tells each event of a stream. */
final class ResponseOutput {
    private static final String IN_PROGRESS = "in_progress";

    private final Listener listener;
    private final boolean oneCall;
    private final ArrayNode items = JsonNodeFactory.instance.arrayNode();
    private final StringBuilder text = new StringBuilder();
    private final List<TokenLogprob> logprobs = new ArrayList<>();
    private ObjectNode message;
    private int messageIndex;
    private int calls;
    private Finish finish = Finish.getDefaultInstance();

    /** Receives the events of a stream, without their sequence numbers. */
    interface Listener {
        void event(String type, ObjectNode event);
    }

    /** Creates an output without items. */
    ResponseOutput(Listener listener, boolean oneCall) {
        this.listener = listener;
        this.oneCall = oneCall;
    }

    /** The items; complete after the last delta. */
    ArrayNode items() {
        return items;
    }

    /** Reason of the end, and usage; known after the last delta. */
    Finish finish() {
        return finish;
    }

    /** Adds a delta. */
    void add(Delta delta) {
        switch (delta) {
            case Delta.Text part -> add(part);
            case Delta.Calls made -> made.calls().forEach(this::add);
            case Delta.End end -> end(end.finish());
        }
    }

    private void add(Delta.Text part) {
        if (part.text().isEmpty() && part.logprobs().isEmpty()) {
            return;
        }
        if (message == null) {
            begin();
        }
        text.append(part.text());
        logprobs.addAll(part.logprobs());
        ObjectNode event = ofText().put("delta", part.text());
        event.set("logprobs", ResponseObject.logprobs(part.logprobs()));
        listener.event("response.output_text.delta", event);
    }

    private void begin() {
        message = ResponseObject.message();
        messageIndex = items.size();
        items.add(message);
        added(message, messageIndex);
        ObjectNode event = ofText();
        event.set("part", ResponseObject.text("", List.of()));
        listener.event("response.content_part.added", event);
    }

    private void add(ToolCall call) {
        if (oneCall && calls > 0) {
            return;
        }
        calls++;
        ObjectNode item = ResponseObject.call(call);
        int index = items.size();
        items.add(item);
        added(item, index);
        listener.event(
                "response.function_call_arguments.delta", ofItem(item, index).put("delta", call.getArguments()));
        item.put("arguments", call.getArguments()).put("status", "completed");
        listener.event(
                "response.function_call_arguments.done",
                ofItem(item, index).put("name", call.getName()).put("arguments", call.getArguments()));
        done(item, index);
    }

    private void end(Finish reason) {
        finish = reason;
        if (message == null && calls == 0) {
            begin();
        }
        if (message == null) {
            return;
        }
        ObjectNode part = ResponseObject.text(text.toString(), logprobs);
        message.withArray("content").add(part);
        boolean cut = reason.getReason() == FinishReason.FINISH_REASON_LENGTH;
        message.put("status", cut ? "incomplete" : "completed");
        ObjectNode whole = ofText().put("text", text.toString());
        whole.set("logprobs", part.get("logprobs"));
        listener.event("response.output_text.done", whole);
        ObjectNode partDone = ofText();
        partDone.set("part", part);
        listener.event("response.content_part.done", partDone);
        done(message, messageIndex);
    }

    private void added(ObjectNode item, int index) {
        ObjectNode event = JsonNodeFactory.instance.objectNode().put("output_index", index);
        event.set("item", item.deepCopy().put("status", IN_PROGRESS));
        listener.event("response.output_item.added", event);
    }

    private void done(ObjectNode item, int index) {
        ObjectNode event = JsonNodeFactory.instance.objectNode().put("output_index", index);
        event.set("item", item.deepCopy());
        listener.event("response.output_item.done", event);
    }

    private ObjectNode ofText() {
        return ofItem(message, messageIndex).put("content_index", 0);
    }

    private static ObjectNode ofItem(ObjectNode item, int index) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("output_index", index)
                .put("item_id", item.get("id").textValue());
    }
}
