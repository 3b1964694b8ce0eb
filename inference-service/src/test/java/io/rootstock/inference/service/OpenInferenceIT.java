package io.rootstock.inference.service;

import static io.rootstock.inference.service.ServingFixture.refusal;
import static io.rootstock.inference.service.ServingFixture.refusedField;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.rootstock.inference.openinference.GRPCInferenceServiceGrpc;
import io.rootstock.inference.openinference.InferParameter;
import io.rootstock.inference.openinference.InferTensorContents;
import io.rootstock.inference.openinference.ModelInferRequest;
import io.rootstock.inference.openinference.ModelInferRequest.InferInputTensor;
import io.rootstock.inference.openinference.ModelInferRequest.InferRequestedOutputTensor;
import io.rootstock.inference.openinference.ModelInferResponse;
import io.rootstock.inference.openinference.ModelInferResponse.InferOutputTensor;
import io.rootstock.inference.openinference.ModelMetadataRequest;
import io.rootstock.inference.openinference.ModelMetadataResponse;
import io.rootstock.inference.openinference.ModelMetadataResponse.TensorMetadata;
import io.rootstock.inference.openinference.ModelReadyRequest;
import io.rootstock.llama.TinyModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Inference through the Open Inference Protocol of the packaged service. */
@Timeout(300)
class OpenInferenceIT {
    @TempDir
    static Path scratch;

    private static ServingFixture serving;

    @BeforeAll
    static void start() throws IOException {
        serving = ServingFixture.shared(scratch);
        serving.serve("reciter", TinyModel.reciting("abcdef"));
        serving.serve(serving.classifier("spam", 1, "ham", "spam"));
    }

    @AfterAll
    static void stop() {
        serving.close();
    }

    private static ModelInferResponse infer(ModelInferRequest.Builder request) {
        return GRPCInferenceServiceGrpc.newBlockingStub(serving.service.channel())
                .withDeadlineAfter(120, TimeUnit.SECONDS)
                .modelInfer(request.build());
    }

    private static ModelInferRequest.Builder prompts(String... prompts) {
        return request("reciter", "prompts", prompts)
                .putParameters("max_tokens", integer(3))
                .putParameters("temperature", integer(0));
    }

    private static ModelInferRequest.Builder request(String model, String name, String... texts) {
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        for (String text : texts) {
            contents.addBytesContents(ByteString.copyFromUtf8(text));
        }
        return ModelInferRequest.newBuilder()
                .setModelName(model)
                .setId("seven")
                .addInputs(InferInputTensor.newBuilder()
                        .setName(name)
                        .setDatatype("BYTES")
                        .addShape(texts.length)
                        .setContents(contents));
    }

    private static InferParameter integer(long value) {
        return InferParameter.newBuilder().setInt64Param(value).build();
    }

    private static List<String> texts(InferOutputTensor tensor) {
        return tensor.getContents().getBytesContentsList().stream()
                .map(ByteString::toStringUtf8)
                .toList();
    }

    @Test
    void promptsAreCompleted() {
        ModelInferResponse response = infer(prompts("a", "abc"));
        assertThat(response.getModelName()).isEqualTo("models/reciter");
        assertThat(response.getModelVersion()).isEqualTo("1");
        assertThat(response.getId()).isEqualTo("seven");
        assertThat(response.getOutputsList())
                .extracting(InferOutputTensor::getName)
                .containsExactly("completions", "finish_reasons");
        assertThat(response.getOutputs(0).getDatatype()).isEqualTo("BYTES");
        assertThat(response.getOutputs(0).getShapeList()).containsExactly(2L);
        assertThat(texts(response.getOutputs(0))).containsExactly("bcd", "def");
        assertThat(texts(response.getOutputs(1))).containsExactly("length", "length");
    }

    @Test
    void onlyTheRequestedOutputIsReturned() {
        ModelInferResponse response = infer(
                prompts("a").addOutputs(InferRequestedOutputTensor.newBuilder().setName("finish_reasons")));
        assertThat(response.getOutputsList())
                .extracting(InferOutputTensor::getName)
                .containsExactly("finish_reasons");
    }

    @Test
    void aBinaryRequestGetsABinaryResponse() {
        ByteBuffer raw = ByteBuffer.allocate(5).order(ByteOrder.LITTLE_ENDIAN);
        raw.putInt(1).put((byte) 'a').flip();
        ModelInferRequest.Builder request = prompts("a").addRawInputContents(ByteString.copyFrom(raw));
        request.getInputsBuilder(0).clearContents();
        ModelInferResponse response = infer(request);
        ByteBuffer completion =
                response.getRawOutputContents(0).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        assertThat(completion.getInt()).isEqualTo(3);
        assertThat(StandardCharsets.UTF_8.decode(completion).toString()).isEqualTo("bcd");
        assertThat(response.getOutputs(0).hasContents()).isFalse();
    }

    @Test
    void textsAreClassified() {
        ModelInferResponse response = infer(request("spam", "texts", "one", "two", "three"));
        assertThat(response.getModelName()).isEqualTo("models/spam");
        assertThat(texts(response.getOutputs(0))).containsExactly("ham", "ham", "ham");
        assertThat(response.getOutputs(1).getName()).isEqualTo("probabilities");
        assertThat(response.getOutputs(1).getShapeList()).containsExactly(3L, 2L);
        assertThat(response.getOutputs(1).getContents().getFp64ContentsList())
                .containsExactly(0.5, 0.5, 0.5, 0.5, 0.5, 0.5);
    }

    @Test
    void anUnknownModelIsNotReady() {
        GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub stub =
                GRPCInferenceServiceGrpc.newBlockingStub(serving.service.channel());
        assertThat(stub.modelReady(
                                ModelReadyRequest.newBuilder().setName("spam").build())
                        .getReady())
                .isTrue();
        assertThat(stub.modelReady(ModelReadyRequest.newBuilder()
                                .setName("missing")
                                .build())
                        .getReady())
                .isFalse();
    }

    @Test
    void metadataNamesTheTensors() {
        ModelMetadataResponse classifier = GRPCInferenceServiceGrpc.newBlockingStub(serving.service.channel())
                .modelMetadata(ModelMetadataRequest.newBuilder().setName("spam").build());
        assertThat(classifier.getInputsList())
                .extracting(TensorMetadata::getName)
                .containsExactly("texts");
        assertThat(classifier.getOutputsList())
                .extracting(TensorMetadata::getName)
                .containsExactly("labels", "probabilities");
    }

    @Test
    void invalidRequestsNameTheField() {
        assertThat(refusedField(() -> infer(request("reciter", "text_input", "a"))))
                .isEqualTo("inputs[0].name");
        assertThat(refusedField(() -> infer(request("spam", "texts", "a").putParameters("max_tokens", integer(3)))))
                .isEqualTo("parameters");
        assertThat(refusedField(() -> infer(prompts("a").putParameters("best_of", integer(3)))))
                .isEqualTo("parameters.best_of");
        assertThat(refusedField(() -> infer(prompts("a").putParameters("top_p", integer(3)))))
                .isEqualTo("parameters.top_p");
        assertThat(refusedField(() -> infer(prompts("a")
                        .putParameters(
                                "max_tokens",
                                InferParameter.newBuilder().setStringParam("3").build()))))
                .isEqualTo("parameters.max_tokens");
        assertThat(refusedField(() -> infer(prompts("a")
                        .addOutputs(InferRequestedOutputTensor.newBuilder().setName("logits")))))
                .isEqualTo("outputs[0].name");
        ModelInferRequest.Builder shape = prompts("a");
        shape.getInputsBuilder(0).clearShape().addShape(2);
        assertThat(refusedField(() -> infer(shape))).isEqualTo("inputs[0].shape");
        ModelInferRequest.Builder datatype = prompts("a");
        datatype.getInputsBuilder(0).setDatatype("FP32");
        assertThat(refusedField(() -> infer(datatype))).isEqualTo("inputs[0].datatype");
        ModelInferRequest.Builder cut = prompts("a").addRawInputContents(ByteString.copyFromUtf8("abc"));
        cut.getInputsBuilder(0).clearContents();
        assertThat(refusedField(() -> infer(cut))).isEqualTo("raw_input_contents[0]");
        assertThat(refusedField(() -> infer(prompts("a", "ab".repeat(TinyModel.CONTEXT)))))
                .isEqualTo("inputs[0].contents.bytes_contents[1]");
        assertThat(refusal(() -> infer(request("unknown", "prompts", "a")))).startsWith("NOT_FOUND");
        assertThat(refusal(() -> infer(prompts("a").setModelVersion("7")))).startsWith("NOT_FOUND");
    }
}
