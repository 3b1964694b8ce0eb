package io.rootstock.inference.infer;

import com.google.protobuf.ByteString;
import io.rootstock.inference.openinference.ModelInferRequest;
import io.rootstock.inference.openinference.ModelInferRequest.InferInputTensor;
import io.rootstock.service.Errors;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The texts [n] of a request: its only input, as contents or in binary form. */
final class Texts {
    private static final String INPUT = "inputs[0]";

    private Texts() {}

    /**
     * Reads the texts.
     *
     * @param name name of the input
     * @param most maximum number of texts
     * @throws io.grpc.StatusRuntimeException if the input has another name, datatype or shape, or is not UTF-8
     */
    static List<String> of(ModelInferRequest request, String name, int most) {
        if (request.getInputsCount() != 1) {
            throw Errors.invalidArgument(
                    "inputs", "must be one tensor named " + name + ", holds " + request.getInputsCount());
        }
        InferInputTensor input = request.getInputs(0);
        require(input.getName().equals(name), INPUT + ".name", "must be " + name + ", was " + input.getName());
        require(input.getDatatype().equals("BYTES"), INPUT + ".datatype", "must be BYTES, was " + input.getDatatype());
        require(
                input.getParametersCount() == 0,
                INPUT + ".parameters",
                "no parameter is supported: " + input.getParametersMap().keySet());
        List<ByteString> elements = elements(request, input);
        List<Long> shape = input.getShapeList();
        boolean matches = !shape.isEmpty()
                && shape.size() <= 2
                && shape.getFirst() == elements.size()
                && (shape.size() == 1 || shape.get(1) == 1);
        require(
                matches,
                INPUT + ".shape",
                "must be [" + elements.size() + "], the number of its elements, was " + shape);
        require(
                !elements.isEmpty() && elements.size() <= most,
                INPUT + ".shape",
                "must be 1 to " + most + " texts, was " + elements.size());
        List<String> texts = new ArrayList<>();
        for (ByteString element : elements) {
            texts.add(text(element, texts.size()));
        }
        return texts;
    }

    /** Field of a text of the request. */
    static String element(int index) {
        return INPUT + ".contents.bytes_contents[" + index + "]";
    }

    private static List<ByteString> elements(ModelInferRequest request, InferInputTensor input) {
        if (request.getRawInputContentsCount() == 0) {
            return input.getContents().getBytesContentsList();
        }
        require(
                request.getRawInputContentsCount() == 1 && !input.hasContents(),
                "raw_input_contents",
                "must hold one element for each input, and inputs then have no contents");
        return BinaryForm.elements(request.getRawInputContents(0), "raw_input_contents[0]");
    }

    private static String text(ByteString element, int index) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(element.asReadOnlyByteBuffer())
                    .toString();
        } catch (CharacterCodingException e) {
            throw Errors.invalidArgument(element(index), "must be UTF-8");
        }
    }

    private static void require(boolean condition, String field, String description) {
        if (!condition) {
            throw Errors.invalidArgument(field, description);
        }
    }
}
