package io.rootstock.inference.infer;

import io.grpc.StatusRuntimeException;
import io.rootstock.inference.health.Availability;
import io.rootstock.inference.model.LoadedModel;
import io.rootstock.inference.openinference.ModelMetadataResponse;
import io.rootstock.inference.openinference.ModelMetadataResponse.TensorMetadata;
import io.rootstock.inference.openinference.ServerMetadataResponse;
import io.rootstock.inference.session.ModelAccess;
import io.rootstock.inference.session.Session;
import io.rootstock.names.VersionName;
import io.rootstock.service.Errors;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Metadata of the server and its models in the Open Inference Protocol. */
@ApplicationScoped
public class Metadata {
    private static final String PLATFORM = "llama.cpp";

    private final Availability availability;
    private final ModelAccess access;
    private final String name;
    private final String version;

    @Inject
    Metadata(
            Availability availability,
            ModelAccess access,
            @ConfigProperty(name = "quarkus.application.name") String name,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.availability = availability;
        this.access = access;
        this.name = name;
        this.version = version;
    }

    /** Name and version of the server. */
    public ServerMetadataResponse server() {
        return ServerMetadataResponse.newBuilder()
                .setName(name)
                .setVersion(version)
                .addExtensions("binary_tensor_data")
                .build();
    }

    /**
     * Whether a version serves now; false for an unknown model, as in Triton.
     *
     * @param model model name as in requests
     * @param asked version number; empty: any version
     */
    public boolean ready(String model, String asked) {
        return availability
                .model(model)
                .filter(availability::ready)
                .filter(status -> asked.isEmpty() || number(status.version()).equals(asked))
                .isPresent();
    }

    /**
     * Version, inputs and outputs of a model.
     *
     * @param model model name as in requests
     * @param asked version number; empty: the version that serves
     * @throws StatusRuntimeException NOT_FOUND if the model or version is not served
     */
    public ModelMetadataResponse model(String model, String asked) {
        try (Session session = access.open(model)) {
            String number = number(session.version());
            if (!asked.isEmpty() && !asked.equals(number)) {
                throw Errors.notFound(model + " version " + asked, "version " + number + " is served");
            }
            return metadata(session.model(), number);
        }
    }

    private static ModelMetadataResponse metadata(LoadedModel model, String number) {
        String full = model.version().name();
        ModelMetadataResponse.Builder response = ModelMetadataResponse.newBuilder()
                .setName(VersionName.parse(full).modelName())
                .addVersions(number)
                .setPlatform(PLATFORM)
                .putProperties("kind", model.version().kind().label())
                .putProperties("context_length", Integer.toString(model.contextLength()))
                .putProperties(
                        "vocabulary_size", Integer.toString(model.tokenizer().vocabularySize()));
        model.classifier()
                .ifPresentOrElse(
                        classifier -> response.addInputs(tensor(Inference.TEXTS, "BYTES", -1))
                                .addOutputs(tensor(Inference.LABELS, "BYTES", -1))
                                .addOutputs(tensor(
                                        Inference.PROBABILITIES,
                                        "FP64",
                                        -1,
                                        classifier.labels().size())),
                        () -> response.addInputs(tensor(Inference.PROMPTS, "BYTES", -1))
                                .addOutputs(tensor(Inference.COMPLETIONS, "BYTES", -1))
                                .addOutputs(tensor(Inference.FINISH_REASONS, "BYTES", -1)));
        return response.build();
    }

    private static TensorMetadata tensor(String name, String type, long... shape) {
        TensorMetadata.Builder tensor =
                TensorMetadata.newBuilder().setName(name).setDatatype(type);
        for (long size : shape) {
            tensor.addShape(size);
        }
        return tensor.build();
    }

    /** Maps models/{m}/versions/{n} to n. */
    private static String number(String version) {
        return Long.toString(VersionName.parse(version).number());
    }
}
