package io.rootstock.inference.openai.finetuning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.StatusRuntimeException;
import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.http.Fields;
import io.rootstock.inference.http.HttpReply;
import io.rootstock.inference.http.Json;
import io.rootstock.inference.http.Query;
import io.rootstock.inference.http.Routes;
import io.rootstock.inference.registry.RegistryClient;
import io.rootstock.registry.v1.CancelFineTuningJobRequest;
import io.rootstock.registry.v1.CreateFineTuningJobRequest;
import io.rootstock.registry.v1.FineTuningJob;
import io.rootstock.registry.v1.FineTuningSpec;
import io.rootstock.registry.v1.ListFineTuningJobsRequest;
import io.rootstock.registry.v1.ListFineTuningJobsResponse;
import io.rootstock.registry.v1.PauseFineTuningJobRequest;
import io.rootstock.registry.v1.ResumeFineTuningJobRequest;
import io.rootstock.service.Errors;
import io.rootstock.service.PageToken;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** {@code /v1/fine_tuning/jobs}. */
@ApplicationScoped
public class FineTuningEndpoint {
    private static final String PATH = "/v1/fine_tuning/jobs";

    private final RegistryClient registry;
    private final JobClient jobs;
    private final EventPages events;

    @Inject
    FineTuningEndpoint(RegistryClient registry, JobClient jobs, EventPages events) {
        this.registry = registry;
        this.jobs = jobs;
        this.events = events;
    }

    /** Registers the paths. */
    public void register(Routes routes) {
        routes.post(PATH, this::create);
        routes.get(PATH, (_, query, reply) -> list(query, reply));
        routes.get(PATH + "/:id", (path, query, reply) -> {
            query.end();
            send(jobs.get(path.id()), reply);
        });
        routes.get(PATH + "/:id/events", (path, query, reply) -> events.events(path.id(), query, reply));
        routes.get(PATH + "/:id/checkpoints", (path, query, reply) -> events.checkpoints(path.id(), query, reply));
        routes.action(PATH + "/:id/cancel", (path, _, reply) -> cancel(name(path), reply));
        routes.action(PATH + "/:id/pause", (path, _, reply) -> pause(name(path), reply));
        routes.action(PATH + "/:id/resume", (path, _, reply) -> resume(name(path), reply));
    }

    private void create(Routes.PathParameters path, byte[] body, HttpReply reply) throws JsonProcessingException {
        Fields fields = Fields.of(Json.object(body));
        String model = fields.required("model", fields.text("model"));
        FineTuningSpec.Builder spec = JobRequest.read(fields).setAlias(jobs.alias());
        fields.end();
        try {
            CreateFineTuningJobRequest request = CreateFineTuningJobRequest.newBuilder()
                    .setSpec(spec.setBase(jobs.base(model)))
                    .setRequestId(path.requestId())
                    .build();
            send(
                    RegistryClient.call(() ->
                            registry.fineTuning().createFineTuningJob(request).getJob()),
                    reply);
        } catch (StatusRuntimeException refusal) {
            throw FieldNames.renamed(refusal, name -> JobRequest.NAMES.getOrDefault(name, name));
        }
    }

    private void list(Query query, HttpReply reply) {
        ListFineTuningJobsRequest.Builder request = ListFineTuningJobsRequest.newBuilder()
                .setPageSize(query.number("limit", EventPages.DEFAULT_PAGE, PageToken.MAX_PAGE_SIZE))
                .putAllMetadata(query.entries("metadata"));
        query.text("after").ifPresent(id -> request.setAfter(JobObject.COLLECTION + id));
        // OpenAI's clients send metadata=null for a list without the filter.
        query.text("metadata").filter(value -> !value.equals("null")).ifPresent(value -> {
            throw Errors.invalidArgument("metadata", "must be metadata[key]=value");
        });
        query.end();
        ListFineTuningJobsResponse page =
                RegistryClient.call(() -> registry.fineTuning().listFineTuningJobs(request.build()));
        ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
        ArrayNode data = list.putArray("data");
        page.getJobsList().forEach(job -> data.add(JobObject.of(job, jobs.isLoading(job))));
        reply.send(list.put("has_more", page.getHasMore()));
    }

    private void cancel(String name, HttpReply reply) {
        CancelFineTuningJobRequest request =
                CancelFineTuningJobRequest.newBuilder().setName(name).build();
        send(
                RegistryClient.call(
                        () -> registry.fineTuning().cancelFineTuningJob(request).getJob()),
                reply);
    }

    private void pause(String name, HttpReply reply) {
        PauseFineTuningJobRequest request =
                PauseFineTuningJobRequest.newBuilder().setName(name).build();
        send(
                RegistryClient.call(
                        () -> registry.fineTuning().pauseFineTuningJob(request).getJob()),
                reply);
    }

    private void resume(String name, HttpReply reply) {
        ResumeFineTuningJobRequest request =
                ResumeFineTuningJobRequest.newBuilder().setName(name).build();
        send(
                RegistryClient.call(
                        () -> registry.fineTuning().resumeFineTuningJob(request).getJob()),
                reply);
    }

    private void send(FineTuningJob job, HttpReply reply) {
        reply.send(JobObject.of(job, jobs.isLoading(job)));
    }

    private static String name(Routes.PathParameters path) {
        return JobObject.COLLECTION + path.id();
    }
}
