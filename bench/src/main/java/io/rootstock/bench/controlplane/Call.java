package io.rootstock.bench.controlplane;

import io.grpc.Channel;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.GetLineageRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.ListJobsRequest;
import io.rootstock.registry.v1.ListModelsRequest;
import io.rootstock.registry.v1.ListVersionsRequest;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.UpdateModelRequest;
import java.util.random.RandomGenerator;

/** The kinds of requests of the load, each with its share in percent. */
enum Call {
    GET_VERSION(44),
    GET_JOB(20),
    LIST_VERSIONS(10),
    LIST_JOBS(10),
    LIST_MODELS(6),
    GET_LINEAGE(4),
    SET_ALIAS(4),
    UPDATE_MODEL(2);

    private final int percent;

    Call(int percent) {
        this.percent = percent;
    }

    static Call random(RandomGenerator random) {
        int left = random.nextInt(100);
        for (Call call : values()) {
            left -= call.percent;
            if (left < 0) {
                return call;
            }
        }
        throw new IllegalStateException("the shares are less than 100 percent");
    }

    /** Sends a request for a random resource and waits for its answer. */
    void send(Channel channel, LargeDatabase state, RandomGenerator random) {
        ModelServiceGrpc.ModelServiceBlockingStub models = ModelServiceGrpc.newBlockingStub(channel);
        JobServiceGrpc.JobServiceBlockingStub jobs = JobServiceGrpc.newBlockingStub(channel);
        String model = "models/model-" + random.nextInt(state.models());
        String version = model + "/versions/" + (1 + random.nextInt(state.versions()));
        Object _ = switch (this) {
            case GET_VERSION ->
                models.getVersion(
                        GetVersionRequest.newBuilder().setName(version).build());
            case GET_JOB ->
                jobs.getJob(GetJobRequest.newBuilder()
                        .setName("jobs/job-" + random.nextInt(state.jobs()))
                        .build());
            case LIST_VERSIONS ->
                models.listVersions(
                        ListVersionsRequest.newBuilder().setModel(model).build());
            case LIST_JOBS -> jobs.listJobs(ListJobsRequest.getDefaultInstance());
            case LIST_MODELS -> models.listModels(ListModelsRequest.getDefaultInstance());
            case GET_LINEAGE ->
                models.getLineage(
                        GetLineageRequest.newBuilder().setName(version).build());
            case SET_ALIAS ->
                models.setAlias(SetAliasRequest.newBuilder()
                        .setName(model + "/aliases/" + LargeDatabase.ALIAS)
                        .setVersion(version)
                        .build());
            case UPDATE_MODEL ->
                models.updateModel(UpdateModelRequest.newBuilder()
                        .setName(model)
                        .setDescription("changed " + random.nextInt())
                        .build());
        };
    }
}
