package io.rootstock.inference.infer.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.http.Fields;
import io.rootstock.inference.http.HttpReply;
import io.rootstock.inference.http.Json;
import io.rootstock.inference.infer.BinaryForm;
import io.rootstock.inference.openinference.InferParameter;
import io.rootstock.inference.openinference.InferTensorContents;
import io.rootstock.inference.openinference.ModelInferRequest;
import io.rootstock.inference.openinference.ModelInferRequest.InferInputTensor;
import io.rootstock.inference.openinference.ModelInferRequest.InferRequestedOutputTensor;
import io.rootstock.inference.openinference.ModelInferResponse;
import io.rootstock.inference.openinference.ModelMetadataResponse;
import io.rootstock.inference.openinference.ModelMetadataResponse.TensorMetadata;
import io.rootstock.inference.openinference.ServerMetadataResponse;
import io.rootstock.service.Errors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Converts the protocol's messages from and to JSON, where tensors are lists or bytes and parameters plain values. */
final class InferJson {
    private InferJson() {}

    /**
     * Reads a request for inference.
     *
     * @param parts its JSON and its tensors in binary form
     * @param model model name of the path
     * @param version version number of the path; empty: the version that serves
     * @throws StatusRuntimeException INVALID_ARGUMENT names the invalid or unknown field
     */
    static InferRequest request(BinaryTensors parts, String model, String version) throws JsonProcessingException {
        Fields body = Fields.of(parts.json());
        Map<String, InferParameter> parameters = parameters(body, "parameters");
        boolean binary = flag(parameters, "binary_data_output").orElse(false);
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder()
                .setModelName(model)
                .setModelVersion(version)
                .setId(body.text("id").orElse(""))
                .putAllParameters(parameters);
        for (Fields input : body.objects("inputs")) {
            request.addInputs(input(input, parts));
        }
        Map<String, Boolean> binaryOutputs = new HashMap<>();
        for (Fields output : body.objects("outputs")) {
            String name = output.required("name", output.text("name"));
            Map<String, InferParameter> options = parameters(output, "parameters");
            flag(options, "binary_data").ifPresent(chosen -> binaryOutputs.put(name, chosen));
            request.addOutputs(
                    InferRequestedOutputTensor.newBuilder().setName(name).putAllParameters(options));
            output.end();
        }
        body.end();
        parts.end();
        return new InferRequest(request.build(), binaryOutputs, binary);
    }

    private static InferInputTensor input(Fields input, BinaryTensors parts) {
        Map<String, InferParameter> parameters = parameters(input, "parameters");
        InferParameter size = parameters.remove(BinaryTensors.SIZE);
        InferInputTensor.Builder tensor = InferInputTensor.newBuilder()
                .setName(input.required("name", input.text("name")))
                .setDatatype(input.required("datatype", input.text("datatype")))
                .putAllParameters(parameters);
        for (JsonNode length : input.required("shape", input.any("shape"))) {
            if (!length.canConvertToLong()) {
                throw input.refused("shape", "must be whole numbers, was " + length);
            }
            tensor.addShape(length.longValue());
        }
        if (size == null) {
            add(input, input.required("data", input.any("data")), tensor.getContentsBuilder());
        } else {
            addBinary(input, parts, size, tensor);
        }
        input.end();
        return tensor.build();
    }

    private static void addBinary(
            Fields input, BinaryTensors parts, InferParameter size, InferInputTensor.Builder tensor) {
        String field = "parameters." + BinaryTensors.SIZE;
        if (!size.hasInt64Param()) {
            throw input.refused(field, "must be a whole number");
        }
        if (input.has("data")) {
            throw input.refused("data", "must not be set beside " + field);
        }
        ByteString raw = parts.next(input.path(field), size.getInt64Param());
        // Inference refuses other datatypes.
        if (tensor.getDatatype().equals("BYTES")) {
            tensor.getContentsBuilder().addAllBytesContents(BinaryForm.elements(raw, input.path("data")));
        }
    }

    /** Adds texts in row-major order; clients send them flat or nested as the shape. */
    private static void add(Fields input, JsonNode data, InferTensorContents.Builder contents) {
        for (JsonNode element : data) {
            if (element.isArray()) {
                add(input, element, contents);
            } else if (element.isTextual()) {
                contents.addBytesContents(ByteString.copyFromUtf8(element.textValue()));
            } else {
                throw input.refused("data", "must be texts, was " + element);
            }
        }
    }

    private static Map<String, InferParameter> parameters(Fields fields, String name) {
        Map<String, InferParameter> parameters = new HashMap<>();
        Optional<ObjectNode> given = fields.tree(name);
        given.ifPresent(object -> object.properties()
                .forEach(entry ->
                        parameters.put(entry.getKey(), parameter(name + "." + entry.getKey(), entry.getValue()))));
        return parameters;
    }

    /** Takes a parameter that is a flag. */
    private static Optional<Boolean> flag(Map<String, InferParameter> parameters, String name) {
        InferParameter value = parameters.remove(name);
        if (value != null && !value.hasBoolParam()) {
            throw Errors.invalidArgument("parameters." + name, "must be true or false");
        }
        return Optional.ofNullable(value).map(InferParameter::getBoolParam);
    }

    private static InferParameter parameter(String field, JsonNode value) {
        InferParameter.Builder parameter = InferParameter.newBuilder();
        if (value.isBoolean()) {
            return parameter.setBoolParam(value.booleanValue()).build();
        }
        if (value.isTextual()) {
            return parameter.setStringParam(value.textValue()).build();
        }
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return parameter.setInt64Param(value.longValue()).build();
        }
        if (value.isNumber()) {
            return parameter.setDoubleParam(value.doubleValue()).build();
        }
        throw Errors.invalidArgument(field, "must be a text, a number, true or false");
    }

    /**
     * Writes the response to a request for inference.
     *
     * @param binary whether an output, by its name, is returned in binary form
     */
    static InferResponse of(ModelInferResponse response, Predicate<String> binary) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("model_name", response.getModelName())
                .put("model_version", response.getModelVersion());
        if (!response.getId().isEmpty()) {
            json.put("id", response.getId());
        }
        ArrayNode outputs = json.putArray("outputs");
        List<ByteString> tensors = new ArrayList<>();
        response.getOutputsList().forEach(output -> {
            ObjectNode tensor =
                    outputs.addObject().put("name", output.getName()).put("datatype", output.getDatatype());
            numbers(tensor, "shape", output.getShapeList());
            List<String> texts = output.getContents().getBytesContentsList().stream()
                    .map(ByteString::toStringUtf8)
                    .toList();
            List<Double> numbers = output.getContents().getFp64ContentsList();
            if (binary.test(output.getName())) {
                ByteString bytes = texts.isEmpty() ? BinaryForm.numbers(numbers) : BinaryForm.texts(texts);
                tensor.putObject("parameters").put(BinaryTensors.SIZE, bytes.size());
                tensors.add(bytes);
            } else {
                ArrayNode data = tensor.putArray("data");
                texts.forEach(data::add);
                numbers.forEach(data::add);
            }
        });
        return new InferResponse(json, tensors);
    }

    /** Writes the metadata of a model. */
    static ObjectNode of(ModelMetadataResponse model) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", model.getName());
        ArrayNode versions = json.putArray("versions");
        model.getVersionsList().forEach(versions::add);
        json.put("platform", model.getPlatform());
        tensors(json, "inputs", model.getInputsList());
        tensors(json, "outputs", model.getOutputsList());
        ObjectNode properties = json.putObject("properties");
        model.getPropertiesMap().forEach(properties::put);
        return json;
    }

    /** Writes the metadata of the server. */
    static ObjectNode of(ServerMetadataResponse server) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("name", server.getName())
                .put("version", server.getVersion());
        server.getExtensionsList().forEach(json.putArray("extensions")::add);
        return json;
    }

    private static void tensors(ObjectNode json, String name, List<TensorMetadata> tensors) {
        ArrayNode array = json.putArray(name);
        for (TensorMetadata tensor : tensors) {
            ObjectNode object = array.addObject().put("name", tensor.getName()).put("datatype", tensor.getDatatype());
            numbers(object, "shape", tensor.getShapeList());
        }
    }

    private static void numbers(ObjectNode json, String name, List<Long> numbers) {
        numbers.forEach(json.putArray(name)::add);
    }

    /**
     * A response to a request for inference.
     *
     * @param tensors outputs in binary form, which follow the JSON
     */
    record InferResponse(ObjectNode json, List<ByteString> tensors) {
        void send(HttpReply reply) {
            if (tensors.isEmpty()) {
                reply.send(json);
                return;
            }
            byte[] head = Json.bytes(json);
            ByteString body = ByteString.copyFrom(tensors);
            reply.header(BinaryTensors.JSON_LENGTH, Integer.toString(head.length));
            reply.beginContent((long) head.length + body.size());
            reply.content(head);
            reply.content(body.toByteArray());
            reply.endOfContent();
        }
    }

    /**
     * A request for inference and the form of its response.
     *
     * @param binaryOutputs by name: whether the output is returned in binary form
     * @param binary whether other outputs are
     */
    record InferRequest(ModelInferRequest message, Map<String, Boolean> binaryOutputs, boolean binary) {
        boolean isBinary(String output) {
            return binaryOutputs.getOrDefault(output, binary);
        }
    }
}
