package io.rootstock.inference.openai.responses;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.completion.CompletionStream;
import io.rootstock.inference.completion.Completions;
import io.rootstock.inference.completion.Delta;
import io.rootstock.inference.http.ApiError;
import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.http.Fields;
import io.rootstock.inference.http.HttpReply;
import io.rootstock.inference.http.Json;
import io.rootstock.inference.openai.generation.IgnoredKeywords;
import io.rootstock.inference.openai.generation.ResponseHeader;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** {@code /v1/responses}: creates a response as a chat completion does; retrieves and deletes stored responses. */
@ApplicationScoped
public class ResponseEndpoint {
    private static final String NOT_FOUND = "response_not_found";

    private final Completions completions;
    private final ResponseStore responses;

    @Inject
    ResponseEndpoint(Completions completions, ResponseStore responses) {
        this.completions = completions;
        this.responses = responses;
    }

    /**
     * Creates a response.
     *
     * @throws JsonProcessingException if the body is not one JSON object
     * @throws StatusRuntimeException if the request is rejected or fails, with this API's field names
     */
    public void create(byte[] body, HttpReply reply) throws JsonProcessingException, InterruptedException {
        FieldNames chatNames = new FieldNames();
        ResponseNames names = new ResponseNames();
        try {
            ResponseRequest request = ResponseRequest.read(Json.object(body), chatNames, names, responses);
            CompletionStream stream = reply.serves(completions.chat(
                    request.chat().model(),
                    request.chat().messages(),
                    request.chat().tools(),
                    request.chat().options(),
                    request.chat().variables()));
            IgnoredKeywords.warning(stream.ignoredKeywords(), field -> names.of(chatNames.of(field)))
                    .ifPresent(reply::warn);
            answer(request, stream, reply);
        } catch (StatusRuntimeException refusal) {
            throw FieldNames.renamed(refusal, field -> names.of(chatNames.of(field)));
        }
    }

    /** Returns a stored response. */
    public void get(String id, HttpReply reply) {
        found(id, reply).ifPresent(stored -> reply.send(stored.response()));
    }

    /** Lists the input items of a stored response. */
    public void inputItems(String id, HttpReply reply) {
        found(id, reply).ifPresent(stored -> {
            ArrayNode items = stored.input();
            ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
            list.set("data", items);
            list.set("first_id", items.path(0).get("id"));
            list.set("last_id", items.path(items.size() - 1).get("id"));
            reply.send(list.put("has_more", false));
        });
    }

    /** Deletes a stored response. */
    public void delete(String id, HttpReply reply) {
        if (responses.delete(id)) {
            reply.send(JsonNodeFactory.instance
                    .objectNode()
                    .put("id", id)
                    .put("object", "response")
                    .put("deleted", true));
        } else {
            reply.fail(missing(id));
        }
    }

    private Optional<ResponseStore.Stored> found(String id, HttpReply reply) {
        Optional<ResponseStore.Stored> stored = responses.find(id);
        if (stored.isEmpty()) {
            reply.fail(missing(id));
        }
        return stored;
    }

    private static ApiError missing(String id) {
        return ApiError.request(
                404,
                NOT_FOUND,
                "response " + id + " is unknown: it was not stored, was deleted, or is older than the limit");
    }

    private void answer(ResponseRequest request, CompletionStream stream, HttpReply reply) throws InterruptedException {
        ResponseHeader header = ResponseHeader.of("resp_", stream);
        ResponseObject object = new ResponseObject(header, request);
        Events events = new Events(request.stream() ? reply : null);
        ResponseOutput output = new ResponseOutput(events::send, request.chat().oneCall());
        events.send("response.created", of(object.begun()));
        events.send("response.in_progress", of(object.begun()));
        for (Optional<Delta> next = stream.next(); next.isPresent(); next = stream.next()) {
            output.add(next.get());
        }
        ObjectNode response = object.ended(output.items(), output.finish());
        if (request.store()) {
            ArrayNode conversation = request.conversation();
            new InputItems(conversation).addOutput(output.items(), Fields.of(request.given()));
            responses.put(header.id(), new ResponseStore.Stored(response, request.input(), conversation));
        }
        if (request.stream()) {
            events.send("response." + response.get("status").textValue(), of(response));
            reply.endOfNamedEvents();
        } else {
            reply.send(response);
        }
    }

    private static ObjectNode of(ObjectNode response) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.set("response", response);
        return event;
    }

    /** Sends numbered events; nothing if the response is not a stream. */
    private static final class Events {
        private final HttpReply reply;
        private int number;

        Events(HttpReply reply) {
            this.reply = reply;
        }

        void send(String type, ObjectNode event) {
            if (reply != null) {
                ObjectNode numbered =
                        JsonNodeFactory.instance.objectNode().put("type", type).put("sequence_number", number++);
                numbered.setAll(event);
                reply.event(type, numbered);
            }
        }
    }
}
