package io.rootstock.inference.infer;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.completion.CompletionStream;
import io.rootstock.inference.completion.Completions;
import io.rootstock.inference.completion.ParallelStreams;
import io.rootstock.inference.completion.UnaryCompletion;
import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.openinference.InferTensorContents;
import io.rootstock.inference.openinference.ModelInferRequest;
import io.rootstock.inference.openinference.ModelInferResponse;
import io.rootstock.inference.openinference.ModelInferResponse.InferOutputTensor;
import io.rootstock.inference.pooling.Pooling;
import io.rootstock.inference.session.ModelAccess;
import io.rootstock.inference.session.Session;
import io.rootstock.inference.v1.Classification;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.ClassifyResponse;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.LabelProbability;
import io.rootstock.names.EnumNames;
import io.rootstock.names.VersionName;
import io.rootstock.service.Errors;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** ModelInfer: completions of prompts, or classes of texts if the model is a classifier. */
@ApplicationScoped
public class Inference {
    /** Input of a classifier, texts [n]. */
    public static final String TEXTS = "texts";
    /** Input of other models, prompts [n]. */
    public static final String PROMPTS = "prompts";
    /** Output of a classifier, the most probable labels [n]. */
    public static final String LABELS = "labels";
    /** Output of a classifier, the probabilities of all labels [n, labels], in the order of the model's labels. */
    public static final String PROBABILITIES = "probabilities";
    /** Output of other models, completions [n]. */
    public static final String COMPLETIONS = "completions";
    /** Output of other models, the reason why each completion ended [n]: end_of_text, stop_string or length. */
    public static final String FINISH_REASONS = "finish_reasons";

    private static final int MAX_TEXTS = 1000;
    private final ModelAccess access;
    private final Completions completions;
    private final Pooling pooling;
    private final InferenceSettings settings;

    @Inject
    Inference(ModelAccess access, Completions completions, Pooling pooling, InferenceSettings settings) {
        this.access = access;
        this.completions = completions;
        this.pooling = pooling;
        this.settings = settings;
    }

    /** One output with its elements as texts or numbers; the other list is empty. */
    private record Output(String name, List<Long> shape, List<String> texts, List<Double> numbers) {}

    /**
     * Answers a request.
     *
     * @param connect receives each stream before it is read, so that a disconnected client can cancel it
     * @throws StatusRuntimeException if the request is rejected or fails
     */
    public ModelInferResponse infer(ModelInferRequest request, Consumer<CompletionStream> connect)
            throws InterruptedException {
        return isClassifier(request) ? classify(request) : complete(request, connect);
    }

    private boolean isClassifier(ModelInferRequest request) {
        try (Session session = access.open(request.getModelName())) {
            requireVersion(request, session.version());
            return session.model().classifier().isPresent();
        }
    }

    private ModelInferResponse classify(ModelInferRequest request) {
        requireOutputs(request, Set.of(LABELS, PROBABILITIES));
        if (request.getParametersCount() > 0) {
            throw Errors.invalidArgument(
                    "parameters",
                    "no parameter is supported: " + request.getParametersMap().keySet());
        }
        List<String> texts = Texts.of(request, TEXTS, MAX_TEXTS);
        ClassifyResponse answer = pooling.classify(ClassifyRequest.newBuilder()
                .setModel(request.getModelName())
                .addAllTexts(texts)
                .build());
        List<Classification> classes = answer.getClassificationsList();
        long count = classes.size();
        return response(
                request,
                answer.getVersion(),
                List.of(
                        new Output(
                                LABELS,
                                List.of(count),
                                classes.stream().map(Classification::getLabel).toList(),
                                List.of()),
                        new Output(
                                PROBABILITIES,
                                List.of(count, (long) classes.getFirst().getProbabilitiesCount()),
                                List.of(),
                                classes.stream()
                                        .flatMap(of -> of.getProbabilitiesList().stream())
                                        .map(LabelProbability::getProbability)
                                        .toList())));
    }

    private ModelInferResponse complete(ModelInferRequest request, Consumer<CompletionStream> connect)
            throws InterruptedException {
        requireOutputs(request, Set.of(COMPLETIONS, FINISH_REASONS));
        GenerationOptions options = Parameters.options(request.getParametersMap());
        List<String> prompts = Texts.of(request, PROMPTS, settings.queue());
        FieldNames names = Parameters.names();
        List<CompletionStream> streams = new ArrayList<>();
        try {
            for (String prompt : prompts) {
                names.put("prompt", Texts.element(streams.size()));
                CompletionStream stream = completions.generate(request.getModelName(), prompt, true, options);
                streams.add(stream);
                connect.accept(stream);
            }
            List<UnaryCompletion> answers = ParallelStreams.read(
                    streams, (_, stream) -> stream.readAll().getFirst());
            List<Long> shape = List.of((long) answers.size());
            return response(
                    request,
                    streams.getFirst().version(),
                    List.of(
                            new Output(
                                    COMPLETIONS,
                                    shape,
                                    answers.stream().map(UnaryCompletion::text).toList(),
                                    List.of()),
                            new Output(
                                    FINISH_REASONS,
                                    shape,
                                    answers.stream().map(Inference::reason).toList(),
                                    List.of())));
        } catch (StatusRuntimeException refusal) {
            throw names.translated(refusal);
        } finally {
            streams.forEach(CompletionStream::close);
        }
    }

    private static String reason(UnaryCompletion completion) {
        return EnumNames.lowerCase(completion.finish().getReason());
    }

    private static void requireVersion(ModelInferRequest request, String version) {
        String number = Long.toString(VersionName.parse(version).number());
        if (!request.getModelVersion().isEmpty() && !request.getModelVersion().equals(number)) {
            throw Errors.notFound(
                    request.getModelName() + " version " + request.getModelVersion(),
                    "version " + number + " is served");
        }
    }

    private static void requireOutputs(ModelInferRequest request, Set<String> known) {
        for (int i = 0; i < request.getOutputsCount(); i++) {
            if (!known.contains(request.getOutputs(i).getName())) {
                throw Errors.invalidArgument(
                        "outputs[" + i + "].name",
                        "must be one of " + known.stream().sorted().toList() + ", was "
                                + request.getOutputs(i).getName());
            }
            if (request.getOutputs(i).getParametersCount() > 0) {
                throw Errors.invalidArgument("outputs[" + i + "].parameters", "no parameter is supported");
            }
        }
    }

    private static ModelInferResponse response(ModelInferRequest request, String version, List<Output> outputs) {
        VersionName name = VersionName.parse(version);
        ModelInferResponse.Builder response = ModelInferResponse.newBuilder()
                .setModelName(name.modelName())
                .setModelVersion(Long.toString(name.number()))
                .setId(request.getId());
        Set<String> asked = request.getOutputsList().stream()
                .map(ModelInferRequest.InferRequestedOutputTensor::getName)
                .collect(Collectors.toSet());
        boolean binary = request.getRawInputContentsCount() > 0;
        for (Output output : outputs) {
            if (!asked.isEmpty() && !asked.contains(output.name)) {
                continue;
            }
            InferOutputTensor.Builder tensor = response.addOutputsBuilder()
                    .setName(output.name)
                    .setDatatype(output.texts.isEmpty() ? "FP64" : "BYTES")
                    .addAllShape(output.shape);
            if (binary) {
                response.addRawOutputContents(
                        output.texts.isEmpty() ? BinaryForm.numbers(output.numbers) : BinaryForm.texts(output.texts));
            } else {
                InferTensorContents.Builder contents = tensor.getContentsBuilder();
                output.texts.forEach(text -> contents.addBytesContents(ByteString.copyFromUtf8(text)));
                contents.addAllFp64Contents(output.numbers);
            }
        }
        return response.build();
    }
}
