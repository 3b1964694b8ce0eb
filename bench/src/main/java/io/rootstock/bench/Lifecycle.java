package io.rootstock.bench;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Endpoints;
import io.rootstock.cli.client.ModelUpload;
import io.rootstock.cli.client.Upload;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.ProjectRoot;
import io.rootstock.client.TokenCredentials;
import io.rootstock.client.TokenFile;
import io.rootstock.files.FileTree;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.ClassifyResponse;
import io.rootstock.inference.v1.ListServedModelsRequest;
import io.rootstock.inference.v1.ServedModel;
import io.rootstock.inference.v1.ServedState;
import io.rootstock.job.v1.JobState;
import io.rootstock.names.AliasName;
import io.rootstock.names.VersionName;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.Job;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.registry.v1.WatchJobRequest;
import io.rootstock.tokenizer.v1.Dataset;
import io.rootstock.tokenizer.v1.ImportTokenizerRequest;
import io.rootstock.tokenizer.v1.PreTokenizer;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.PrepareDatasetResponse;
import io.rootstock.tokenizer.v1.Tokenizer;
import io.rootstock.tokenizer.v1.TrainTokenizerRequest;
import io.rootstock.tokenizer.v1.TrainTokenizerResponse;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.ImportModelResponse;
import io.rootstock.trainer.v1.ImportOptions;
import io.rootstock.trainer.v1.RunEvaluation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Lifecycle of a model through the real services, called as a client program does: five processes on free ports with
 * their own home folder, which {@link #close} deletes. With {@code ROOTSTOCK_AUTH_TOKEN_FILE}, they require its token.
 */
public final class Lifecycle implements AutoCloseable {
    private static final Duration PROMOTION = Duration.ofSeconds(60);
    private static final int POLL_MILLIS = 50;

    private final Path home;
    private final Installation installation;
    private final Clients clients;

    private Lifecycle(Path home, Map<String, String> settings) {
        this.home = home;
        installation = new Installation(home, ProjectRoot.find(), OptionalInt.of(0), settings);
        // The services would outlive this process: stop them when the benchmark is interrupted (Ctrl-C, timeout).
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop services"));
        installation.start();
        Optional<TokenCredentials> credentials = Optional.ofNullable(System.getenv("ROOTSTOCK_AUTH_TOKEN_FILE"))
                .map(file -> new TokenCredentials(new TokenFile(Path.of(file))));
        clients = new Clients(new Endpoints(Endpoints.local(installation).addresses(), credentials, Optional.empty()));
    }

    /** Starts the services in a new folder. */
    public static Lifecycle start(String name) {
        return start(name, Map.of());
    }

    /** Starts the services in a new folder with additional settings, such as {@code rootstock.trainer.nice}. */
    public static Lifecycle start(String name, Map<String, String> settings) {
        try {
            return new Lifecycle(Files.createTempDirectory("rootstock-" + name + "-"), settings);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Home folder of the services. */
    public Path home() {
        return home;
    }

    /** Processes of the services. */
    public Installation installation() {
        return installation;
    }

    /** gRPC stubs of the services. */
    public Clients clients() {
        return clients;
    }

    /** Uploads a file and returns its digest. */
    public String upload(Path file) {
        return Upload.send(clients, file, bytes -> {}).getDigest();
    }

    /** Registers the model of a Hugging Face folder and its tokenizer under one name. */
    public Version importModel(String name, Path folder) {
        ImportOptions options = ImportOptions.newBuilder()
                .addQuantizations(ArtifactKind.ARTIFACT_KIND_GGUF_F32)
                .addQuantizations(ArtifactKind.ARTIFACT_KIND_GGUF_Q8_0)
                .build();
        ImportModelResponse imported =
                ModelUpload.send(clients, ModelUpload.files(folder), options, sent -> {}, stage -> {});
        Tokenizer tokenizer = clients.tokenizers()
                .importTokenizer(ImportTokenizerRequest.newBuilder()
                        .setName("tokenizers/" + name)
                        .setDigest(imported.getTokenizerDigest())
                        .build())
                .getTokenizer();
        return clients.models()
                .createVersion(CreateVersionRequest.newBuilder()
                        .setModel("models/" + name)
                        .setVersion(Version.newBuilder()
                                .setKind(VersionKind.VERSION_KIND_BASE)
                                .setTokenizer(tokenizer.getName())
                                .setTokenizerDigest(tokenizer.getDigest())
                                .addAllArtifacts(imported.getArtifactsList()))
                        .build())
                .getVersion();
    }

    /** Trains a tokenizer on uploaded sources. */
    public Tokenizer trainTokenizer(String name, int vocabularySize, PreTokenizer split, List<String> digests) {
        Iterator<TrainTokenizerResponse> answers = clients.tokenizers()
                .trainTokenizer(TrainTokenizerRequest.newBuilder()
                        .setName(name)
                        .setVocabularySize(vocabularySize)
                        .setPreTokenizer(split)
                        .addAllSourceDigests(digests)
                        .build());
        return last(answers).getTokenizer();
    }

    /** Prepares a dataset. */
    public Dataset prepare(PrepareDatasetRequest request) {
        Iterator<PrepareDatasetResponse> answers = clients.datasets().prepareDataset(request);
        return last(answers).getDataset();
    }

    /**
     * Runs a job to its end.
     *
     * @throws IllegalStateException if it does not succeed
     */
    public Job run(JobSpec spec) {
        String name = clients.jobs()
                .createJob(CreateJobRequest.newBuilder().setSpec(spec).build())
                .getJob()
                .getName();
        clients.jobs()
                .watchJob(WatchJobRequest.newBuilder().setName(name).build())
                .forEachRemaining(event -> {});
        Job job = clients.jobs()
                .getJob(GetJobRequest.newBuilder().setName(name).build())
                .getJob();
        if (job.getState() != JobState.JOB_STATE_SUCCEEDED) {
            throw new IllegalStateException(name + " ended " + job.getState() + ": " + job.getMessage());
        }
        return job;
    }

    /** Returns the job's latest evaluation of a split. */
    public static RunEvaluation evaluation(Job job, String split) {
        return job.getEvaluationsList().stream()
                .filter(evaluation -> evaluation.getSplit().equals(split))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new NoSuchElementException(job.getName() + " has no evaluation of " + split));
    }

    /** Promotes a version to production and waits until the inference service serves it. */
    public void promote(String version) {
        String alias = new AliasName(VersionName.parse(version).model(), "production").toString();
        clients.models()
                .setAlias(SetAliasRequest.newBuilder()
                        .setName(alias)
                        .setVersion(version)
                        .build());
        long end = System.nanoTime() + PROMOTION.toNanos();
        while (System.nanoTime() < end) {
            for (ServedModel model : clients.inference()
                    .listServedModels(ListServedModelsRequest.getDefaultInstance())
                    .getModelsList()) {
                if (model.getAlias().equals(alias) && model.getState() == ServedState.SERVED_STATE_LOAD_FAILED) {
                    throw new IllegalStateException(version + " does not load: " + model.getError());
                }
                if (model.getAlias().equals(alias) && model.getVersion().equals(version)) {
                    return;
                }
            }
            pause();
        }
        throw new IllegalStateException(version + " is not served " + PROMOTION.toSeconds() + " s after its promotion");
    }

    /** Classifies texts with the promoted version of a model. */
    public ClassifyResponse classify(String model, List<String> texts) {
        return clients.inference()
                .classify(ClassifyRequest.newBuilder()
                        .setModel(model)
                        .addAllTexts(texts)
                        .build());
    }

    @Override
    public void close() {
        clients.close();
        stop();
    }

    private synchronized void stop() {
        if (!Files.exists(home)) {
            return;
        }
        installation.stop();
        FileTree.delete(home);
    }

    private static <T> T last(Iterator<T> answers) {
        T last = null;
        while (answers.hasNext()) {
            last = answers.next();
        }
        if (last == null) {
            throw new IllegalStateException("the stream ended without an answer");
        }
        return last;
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
