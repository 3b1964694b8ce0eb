package io.rootstock.bench.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.HttpResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIIoException;
import com.openai.errors.RateLimitException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileListParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.FineTuningJobEvent;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.jobs.JobListEventsParams;
import com.openai.models.finetuning.jobs.JobListParams;
import com.openai.models.finetuning.jobs.checkpoints.FineTuningJobCheckpoint;
import com.openai.models.finetuning.methods.DpoHyperparameters;
import com.openai.models.finetuning.methods.DpoMethod;
import com.openai.models.finetuning.methods.SupervisedHyperparameters;
import com.openai.models.finetuning.methods.SupervisedMethod;
import com.openai.models.uploads.Upload;
import com.openai.models.uploads.UploadCompleteParams;
import com.openai.models.uploads.UploadCreateParams;
import com.openai.models.uploads.parts.PartCreateParams;
import com.openai.models.uploads.parts.UploadPart;
import io.rootstock.bench.Lifecycle;
import io.rootstock.bench.ServedProgram;
import io.rootstock.cli.installation.ProjectRoot;
import io.rootstock.cli.installation.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code /v1/files}, {@code /v1/uploads} and {@code /v1/fine_tuning/jobs} of real services, by the official client. */
@Timeout(600)
@Tag("matrix")
class FineTuningIT {
    private static final int ROWS = 60;

    /** The client's list of states lacks this one. */
    private static final FineTuningJob.Status PAUSED = FineTuningJob.Status.of("paused");

    private static final List<FineTuningJob.Status> ENDED =
            List.of(FineTuningJob.Status.SUCCEEDED, FineTuningJob.Status.FAILED, FineTuningJob.Status.CANCELLED);

    @TempDir
    static Path folder;

    private static Lifecycle life;
    private static String url;
    private static OpenAIClient client;

    @BeforeAll
    static void start() throws IOException {
        for (Service service : Service.values()) {
            assumeThat(service.jar(ProjectRoot.find())).exists();
        }
        life = Lifecycle.start(
                "fine-tuning-it", Map.of("rootstock.inference.file-limit", "1M", "rootstock.trainer.nice", "0"));
        TinyBase.train(life);
        url = ServedProgram.url(life);
        client = openAi();
    }

    @AfterAll
    static void stop() {
        if (life != null) {
            client.close();
            life.close();
        }
    }

    @Test
    void aFileBecomesAModelThatAnswers() throws Exception {
        FileObject file = upload("chats.jsonl", TinyBase.chats(ROWS));
        assertThat(file.purpose()).isEqualTo(FileObject.Purpose.FINE_TUNE);
        assertThat(file.filename()).isEqualTo("chats.jsonl");
        assertThat(client.files().retrieve(file.id()).validate()).isEqualTo(file);
        assertThat(client.files()
                        .list(FileListParams.builder().purpose("fine-tune").build())
                        .data())
                .contains(file);
        assertThat(content(file.id())).isEqualTo(String.join("\n", TinyBase.chats(ROWS)) + "\n");

        FineTuningJob job = client.fineTuning()
                .jobs()
                .create(supervised(file.id())
                        .suffix("shop")
                        .seed(7)
                        .metadata(JobCreateParams.Metadata.builder()
                                .putAdditionalProperty("team", JsonValue.from("a"))
                                .build())
                        .build())
                .validate();
        assertThat(job.status()).isEqualTo(FineTuningJob.Status.VALIDATING_FILES);
        assertThat(job.model()).isEqualTo("models/tiny/versions/1");
        assertThat(job.seed()).isEqualTo(7);
        assertThat(job.fineTunedModel()).isEmpty();
        CompletableFuture<String> stream = eventStream(job.id());

        FineTuningJob done = eventually(job.id(), FineTuningJob.Status.SUCCEEDED);
        assertThat(done.error()).isEmpty();
        assertThat(done.fineTunedModel().orElseThrow()).matches("tiny-shop-[0-9a-z]{8}");
        assertThat(done.trainedTokens().orElseThrow()).isPositive();
        assertThat(done.finishedAt().orElseThrow()).isGreaterThanOrEqualTo(done.createdAt());
        assertThat(done.hyperparameters().nEpochs().orElseThrow().asInteger()).isEqualTo(2);
        assertThat(content(done.resultFiles().getFirst())).startsWith("step,train_loss,valid_loss\n");
        assertThat(client.files().retrieve(done.resultFiles().getFirst()).purpose())
                .isEqualTo(FileObject.Purpose.FINE_TUNE_RESULTS);

        List<FineTuningJobEvent> events = new ArrayList<>();
        client.fineTuning()
                .jobs()
                .listEvents(JobListEventsParams.builder()
                        .fineTuningJobId(job.id())
                        .limit(3)
                        .build())
                .autoPager()
                .forEach(event -> events.add(event.validate()));
        assertThat(events.getFirst().message())
                .isEqualTo("The job has successfully completed; the new model is "
                        + done.fineTunedModel().orElseThrow());
        assertThat(events.getLast().message()).isEqualTo("Created fine-tuning job: " + job.id());
        assertThat(events)
                .anySatisfy(
                        event -> assertThat(event.message()).isEqualTo("Files validated, moving job to queued state"))
                .anySatisfy(event -> assertThat(event.type()).contains(FineTuningJobEvent.Type.METRICS));
        assertThat(events).extracting(FineTuningJobEvent::id).doesNotHaveDuplicates();
        String streamed = stream.join();
        assertThat(events.reversed())
                .allSatisfy(event -> assertThat(streamed).contains("\"id\":\"" + event.id() + "\""));
        assertThat(streamed).endsWith("data: [DONE]\n\n");

        List<FineTuningJobCheckpoint> checkpoints =
                client.fineTuning().jobs().checkpoints().list(job.id()).data();
        assertThat(checkpoints).isNotEmpty().allSatisfy(FineTuningJobCheckpoint::validate);
        assertThat(checkpoints.getFirst().fineTuningJobId()).isEqualTo(job.id());

        ChatCompletion answer = client.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model(done.fineTunedModel().orElseThrow())
                        .addUserMessage("What is the river like?")
                        .temperature(0)
                        .maxCompletionTokens(24)
                        .build());
        assertThat(answer.model()).isEqualTo("models/" + done.fineTunedModel().orElseThrow() + "/versions/1");
        assertThat(answer.choices().getFirst().message().content().orElseThrow())
                .isNotBlank();
        assertThat(client.models().list().data())
                .anySatisfy(model ->
                        assertThat(model.id()).isEqualTo(done.fineTunedModel().orElseThrow()));

        assertThat(client.fineTuning()
                        .jobs()
                        .list(JobListParams.builder()
                                .metadata(JobListParams.Metadata.builder()
                                        .putAdditionalProperty("team", "a")
                                        .build())
                                .build())
                        .data())
                .extracting(FineTuningJob::id)
                .containsExactly(job.id());
        BadRequestException ended = catchThrowableOfType(
                BadRequestException.class, () -> client.fineTuning().jobs().cancel(job.id()));
        assertThat(ended.getMessage()).contains("is SUCCEEDED and cannot be cancelled");
        assertThat(client.files().delete(file.id()).deleted()).isTrue();
    }

    @Test
    void partsBecomeThePreferencesOfAJobThatIsPausedAndCancelled() throws Exception {
        byte[] rows = (String.join("\n", TinyBase.preferences(400)) + "\n").getBytes(StandardCharsets.UTF_8);
        Upload upload = client.uploads()
                .create(UploadCreateParams.builder()
                        .filename("pairs.jsonl")
                        .bytes(rows.length)
                        .mimeType("application/jsonl")
                        .purpose(FilePurpose.FINE_TUNE)
                        .build())
                .validate();
        assertThat(upload.status()).isEqualTo(Upload.Status.PENDING);
        List<String> parts = new ArrayList<>();
        for (int from = 0; from < rows.length; from += 20_000) {
            byte[] part = Arrays.copyOfRange(rows, from, Math.min(rows.length, from + 20_000));
            Path file = Files.write(folder.resolve("part"), part);
            UploadPart added = client.uploads()
                    .parts()
                    .create(upload.id(), PartCreateParams.builder().data(file).build());
            parts.add(added.validate().id());
            if (from == 0) {
                restart(Service.REGISTRY);
                restart(Service.INFERENCE);
            }
        }
        Upload complete = client.uploads()
                .complete(
                        upload.id(),
                        UploadCompleteParams.builder().partIds(parts).build());
        assertThat(complete.status()).isEqualTo(Upload.Status.COMPLETED);
        FileObject file = complete.file().orElseThrow();
        assertThat(content(file.id())).isEqualTo(new String(rows, StandardCharsets.UTF_8));

        FineTuningJob job = client.fineTuning()
                .jobs()
                .create(JobCreateParams.builder()
                        .model(TinyBase.MODEL)
                        .trainingFile(file.id())
                        .validationFile(file.id())
                        .method(JobCreateParams.Method.builder()
                                .type(JobCreateParams.Method.Type.DPO)
                                .dpo(DpoMethod.builder()
                                        .hyperparameters(DpoHyperparameters.builder()
                                                .nEpochs(200)
                                                .beta(0.2)
                                                .learningRateMultiplier(0.5)
                                                .build())
                                        .build())
                                .build())
                        .build());
        // The registry and the inference service do not need their memory of the job.
        restart(Service.REGISTRY);
        restart(Service.INFERENCE);
        eventually(job.id(), FineTuningJob.Status.RUNNING);
        client.fineTuning().jobs().pause(job.id());
        FineTuningJob paused = eventually(job.id(), PAUSED);
        assertThat(paused.method()
                        .orElseThrow()
                        .dpo()
                        .orElseThrow()
                        .hyperparameters()
                        .orElseThrow()
                        .beta()
                        .orElseThrow()
                        .asNumber())
                .isEqualTo(0.2);
        client.fineTuning().jobs().resume(job.id());
        eventually(job.id(), FineTuningJob.Status.RUNNING);
        client.fineTuning().jobs().cancel(job.id());
        FineTuningJob cancelled = eventually(job.id(), FineTuningJob.Status.CANCELLED);
        assertThat(cancelled.fineTunedModel()).isEmpty();
        assertThat(catchThrowableOfType(
                                BadRequestException.class,
                                () -> client.fineTuning().jobs().cancel(job.id()))
                        .getMessage())
                .contains("is CANCELLED");
    }

    @Test
    void badRowsFailTheJobWithFileAndLine() throws Exception {
        List<String> rows = new ArrayList<>(TinyBase.chats(5));
        rows.set(2, "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}");
        FineTuningJob job = client.fineTuning()
                .jobs()
                .create(supervised(upload("broken.jsonl", rows).id()).build());
        FineTuningJob failed = eventually(job.id(), FineTuningJob.Status.FAILED);
        FineTuningJob.Error error = failed.error().orElseThrow();
        assertThat(error.code()).isEqualTo("invalid_training_file");
        assertThat(error.param()).contains("training_file");
        assertThat(error.message()).contains("broken.jsonl:3: field 'messages' has no message of role assistant");
    }

    @Test
    void badRequestsAreRefusedInOpenAisShape() throws Exception {
        String file = upload("one.jsonl", TinyBase.chats(3)).id();
        refused(supervised("file-none"), "training_file", "files/file-none was not found");
        refused(supervised(file).suffix("Not Allowed"), "suffix", "lower-case letters");
        refused(
                supervised(file).putAdditionalBodyProperty("integrations", JsonValue.from(List.of("wandb"))),
                "integrations",
                "must be empty");
        refused(
                supervised(file).putAdditionalBodyProperty("learning_rate", JsonValue.from(1)),
                "learning_rate",
                "is not known to this service");
        NotFoundException model = catchThrowableOfType(
                NotFoundException.class,
                () -> client.fineTuning()
                        .jobs()
                        .create(supervised(file).model("gpt-4o").build()));
        assertThat(model.code()).contains("model_not_found");
        NotFoundException job = catchThrowableOfType(
                NotFoundException.class, () -> client.fineTuning().jobs().retrieve("ftjob-none"));
        assertThat(job.code()).contains("fine_tuning_job_not_found");
        NotFoundException missing = catchThrowableOfType(
                NotFoundException.class, () -> client.files().retrieve("file-none"));
        assertThat(missing.code()).contains("file_not_found");
        BadRequestException purpose = catchThrowableOfType(
                BadRequestException.class,
                () -> client.files()
                        .create(FileCreateParams.builder()
                                .file(folder.resolve("one.jsonl"))
                                .purpose(FilePurpose.ASSISTANTS)
                                .build()));
        assertThat(purpose.param()).contains("purpose");
        assertThat(post("/files", "--b\r\n", "multipart/form-data; boundary=b")).startsWith("400 ");
        assertThat(post("/files", "{}", "application/json")).startsWith("415 ").contains("multipart/form-data");
        assertThat(post("/fine_tuning/jobs/x/events", "", "application/json"))
                .startsWith("405 ")
                .contains("takes GET");
        assertThat(post("/files", form("x".repeat(3 << 20)), "multipart/form-data; boundary=b"))
                .startsWith("413 ")
                .contains("rootstock.inference.file-limit");
    }

    @Test
    void interruptedUploadsLeaveNothing() throws Exception {
        String body = form("x".repeat(500_000));
        for (int sent : new int[] {300, 400_000, body.length()}) {
            // More than the service receives at once.
            for (int i = 0; i < 6; i++) {
                try (Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), URI.create(url).getPort())) {
                    socket.getOutputStream()
                            .write(
                                    ("POST /v1/files HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\n"
                                                    + "Content-Length: " + body.length() + "\r\n\r\n"
                                                    + body.substring(0, sent))
                                            .getBytes(StandardCharsets.US_ASCII));
                }
            }
        }
        await("an upload after the service has noticed the interrupted ones", () -> {
            try {
                return upload("after.jsonl", TinyBase.chats(3)).filename().equals("after.jsonl");
            } catch (RateLimitException _) {
                return false;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        Path uploads = life.home().resolve("inference/uploads");
        await("empty " + uploads, () -> uploads.toFile().list().length == 0);
    }

    private static void refused(JobCreateParams.Builder request, String param, String message) {
        BadRequestException refusal = catchThrowableOfType(
                BadRequestException.class, () -> client.fineTuning().jobs().create(request.build()));
        assertThat(refusal.param()).contains(param);
        assertThat(refusal.getMessage()).contains(message);
    }

    private static JobCreateParams.Builder supervised(String file) {
        return JobCreateParams.builder()
                .model(TinyBase.MODEL)
                .trainingFile(file)
                .method(JobCreateParams.Method.builder()
                        .type(JobCreateParams.Method.Type.SUPERVISED)
                        .supervised(SupervisedMethod.builder()
                                .hyperparameters(SupervisedHyperparameters.builder()
                                        .nEpochs(2)
                                        .batchSize(4)
                                        .build())
                                .build())
                        .build());
    }

    private static FileObject upload(String name, List<String> rows) throws IOException {
        return client.files()
                .create(FileCreateParams.builder()
                        .file(Files.write(folder.resolve(name), rows))
                        .purpose(FilePurpose.FINE_TUNE)
                        .build())
                .validate();
    }

    private static String content(String file) throws IOException {
        try (HttpResponse response = client.files().content(file)) {
            return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static FineTuningJob eventually(String job, FineTuningJob.Status status) {
        await(status + " of " + job, () -> {
            FineTuningJob now = client.fineTuning().jobs().retrieve(job);
            if (now.status().equals(status)) {
                return true;
            }
            assertThat(now.status())
                    .as("%s, waiting for %s", now.error(), status)
                    .isNotIn(ENDED);
            return false;
        });
        FineTuningJob found = client.fineTuning().jobs().retrieve(job);
        return status.equals(PAUSED) ? found : found.validate();
    }

    /** Repeats a check until it succeeds; fails after five minutes. */
    private static void await(String condition, BooleanSupplier check) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        while (!check.getAsBoolean()) {
            assertThat(System.nanoTime()).as(condition).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    private static void restart(Service service) {
        life.installation().kill(service);
        life.installation().start();
        client.close();
        client = openAi();
        // gRPC answers a moment before HTTP does.
        await("HTTP of " + url, FineTuningIT::answers);
    }

    private static boolean answers() {
        try {
            client.models().list();
            return true;
        } catch (OpenAIIoException _) {
            return false;
        }
    }

    private static OpenAIClient openAi() {
        return OpenAIOkHttpClient.builder().baseUrl(url).apiKey("any").build();
    }

    private static CompletableFuture<String> eventStream(String job) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(url + "/fine_tuning/jobs/" + job + "/events?stream=true"))
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        return HttpClient.newHttpClient()
                .sendAsync(request, java.net.http.HttpResponse.BodyHandlers.ofString())
                .thenApply(java.net.http.HttpResponse::body);
    }

    /** Sends a body; returns the status and the body of the response. */
    private static String post(String path, String body, String type) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        java.net.http.HttpResponse<String> response =
                HttpClient.newHttpClient().send(request, java.net.http.HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }

    private static String form(String content) {
        return "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nfine-tune\r\n--b\r\n"
                + "Content-Disposition: form-data; name=\"file\"; filename=\"a.jsonl\"\r\n\r\n" + content
                + "\r\n--b--\r\n";
    }
}
