package io.rootstock.inference.infer.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.openinference.InferTensorContents;
import io.rootstock.inference.openinference.ModelInferResponse;
import io.rootstock.inference.openinference.ModelInferResponse.InferOutputTensor;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Requests and responses for inference whose tensors are in binary form. */
class InferJsonTest {
    private static final String TWO = "\1\0\0\0a\2\0\0\0bc";

    @Test
    void aTensorInBinaryFormFollowsTheJson() throws Exception {
        InferJson.InferRequest request = request(input("\"parameters\": {\"binary_data_size\": 11}"), TWO);
        assertThat(request.message().getInputs(0).getContents().getBytesContentsList())
                .containsExactly(ByteString.copyFromUtf8("a"), ByteString.copyFromUtf8("bc"));
        assertThat(request.message().getInputs(0).getParametersMap()).isEmpty();
        assertThat(request.isBinary("completions")).isFalse();
    }

    @Test
    void eachOutputHasItsForm() throws Exception {
        InferJson.InferRequest request = request("""
                {"parameters": {"binary_data_output": true, "max_tokens": 3}, "inputs": [],
                 "outputs": [{"name": "a", "parameters": {"binary_data": false}}, {"name": "b"}]}
                """, "");
        assertThat(request.isBinary("a")).isFalse();
        assertThat(request.isBinary("b")).isTrue();
        assertThat(request.message().getParametersMap()).containsOnlyKeys("max_tokens");
        assertThat(request.message().getOutputs(0).getParametersMap()).isEmpty();
    }

    @Test
    void outputsInBinaryFormFollowTheJsonInTheirOrder() {
        ModelInferResponse message = ModelInferResponse.newBuilder()
                .addOutputs(output("labels", InferTensorContents.newBuilder().addBytesContents(text("ham"))))
                .addOutputs(
                        output("probabilities", InferTensorContents.newBuilder().addFp64Contents(1.0)))
                .build();
        InferJson.InferResponse response = InferJson.of(message, name -> true);
        assertThat(response.tensors())
                .containsExactly(
                        text("\3\0\0\0ham"), ByteString.copyFrom(new byte[] {0, 0, 0, 0, 0, 0, (byte) 0xf0, 0x3f}));
        assertThat(response.json().at("/outputs/1/parameters/binary_data_size").intValue())
                .isEqualTo(8);
        assertThat(response.json().at("/outputs/0/data").isMissingNode()).isTrue();
        InferJson.InferResponse plain = InferJson.of(message, name -> false);
        assertThat(plain.tensors()).isEmpty();
        assertThat(plain.json().at("/outputs/0/data/0").textValue()).isEqualTo("ham");
        assertThat(plain.json().at("/outputs/1/data/0").doubleValue()).isEqualTo(1.0);
    }

    @Test
    void sizesThatDoNotFitTheBodyAreRefused() {
        refused("inputs[0].parameters.binary_data_size", input("\"parameters\": {\"binary_data_size\": 12}"), TWO);
        refused("inputs[0].parameters.binary_data_size", input("\"parameters\": {\"binary_data_size\": -1}"), TWO);
        refused("inputs[0].parameters.binary_data_size", input("\"parameters\": {\"binary_data_size\": \"11\"}"), TWO);
        refused("2 bytes follow", input("\"parameters\": {\"binary_data_size\": 9}"), "\5\0\0\0abcde++");
        refused("text 1 is cut", input("\"parameters\": {\"binary_data_size\": 10}"), TWO.substring(0, 10));
        refused("inputs[0].data", input("\"data\": [\"a\"], \"parameters\": {\"binary_data_size\": 11}"), TWO);
        refused("parameters.binary_data_output", "{\"parameters\": {\"binary_data_output\": 1}, \"inputs\": []}", "");
        for (String length : new String[] {"3", "-1", "x", "", "9999999999"}) {
            assertThatThrownBy(() -> BinaryTensors.of(new byte[2], length))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining(
                            "Inference-Header-Content-Length: must be 0 to the size of the body, 2 bytes");
        }
    }

    private static void refused(String part, String json, String tensors) {
        assertThatThrownBy(() -> request(json, tensors))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining(part);
    }

    private static InferJson.InferRequest request(String json, String tensors) throws JsonProcessingException {
        byte[] body = (json + tensors).getBytes(StandardCharsets.UTF_8);
        return InferJson.request(BinaryTensors.of(body, Integer.toString(json.length())), "reciter", "");
    }

    private static String input(String rest) {
        return "{\"inputs\": [{\"name\": \"prompts\", \"datatype\": \"BYTES\", \"shape\": [2], " + rest + "}]}";
    }

    private static InferOutputTensor.Builder output(String name, InferTensorContents.Builder contents) {
        return InferOutputTensor.newBuilder()
                .setName(name)
                .setDatatype("BYTES")
                .addShape(1)
                .setContents(contents);
    }

    private static ByteString text(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
