package io.rootstock.inference.infer.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.http.Fields;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Converts the protocol's messages from and to JSON, where tensors are lists and parameters plain values. */
final class InferJson {
    private InferJson() {}

    /**
     * Reads a request for inference.
     *
     * @param model model name of the path
     * @param version version number of the path; empty: the version that serves
     * @throws StatusRuntimeException INVALID_ARGUMENT names the invalid or unknown field
     */
    static ModelInferRequest request(Fields body, String model, String version) {
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder()
                .setModelName(model)
                .setModelVersion(version)
                .setId(body.text("id").orElse(""))
                .putAllParameters(parameters(body, "parameters"));
        for (Fields input : body.objects("inputs")) {
            request.addInputs(input(input));
        }
        for (Fields output : body.objects("outputs")) {
            request.addOutputs(InferRequestedOutputTensor.newBuilder()
                    .setName(output.required("name", output.text("name")))
                    .putAllParameters(parameters(output, "parameters")));
            output.end();
        }
        body.end();
        return request.build();
    }

    private static InferInputTensor input(Fields input) {
        InferInputTensor.Builder tensor = InferInputTensor.newBuilder()
                .setName(input.required("name", input.text("name")))
                .setDatatype(input.required("datatype", input.text("datatype")))
                .putAllParameters(parameters(input, "parameters"));
        for (JsonNode size : input.required("shape", input.any("shape"))) {
            if (!size.canConvertToLong()) {
                throw input.refused("shape", "must be whole numbers, was " + size);
            }
            tensor.addShape(size.longValue());
        }
        InferTensorContents.Builder contents = tensor.getContentsBuilder();
        add(input, input.required("data", input.any("data")), contents);
        input.end();
        return tensor.build();
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

    /** Writes the response to a request for inference. */
    static ObjectNode of(ModelInferResponse response) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("model_name", response.getModelName())
                .put("model_version", response.getModelVersion());
        if (!response.getId().isEmpty()) {
            json.put("id", response.getId());
        }
        ArrayNode outputs = json.putArray("outputs");
        response.getOutputsList().forEach(output -> {
            ObjectNode tensor =
                    outputs.addObject().put("name", output.getName()).put("datatype", output.getDatatype());
            numbers(tensor, "shape", output.getShapeList());
            ArrayNode data = tensor.putArray("data");
            output.getContents().getBytesContentsList().forEach(text -> data.add(text.toStringUtf8()));
            output.getContents().getFp64ContentsList().forEach(data::add);
        });
        return json;
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
}
