package io.rootstock.tokenizer.grpc;

import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import io.rootstock.access.v1.Role;
import io.rootstock.corpus.worker.step.Presets;
import io.rootstock.service.Errors;
import io.rootstock.service.FlowControlledStream;
import io.rootstock.service.access.Caller;
import io.rootstock.service.filter.ListQuery;
import io.rootstock.tokenizer.catalogue.Page;
import io.rootstock.tokenizer.corpus.Corpora;
import io.rootstock.tokenizer.corpus.CorpusFeed;
import io.rootstock.tokenizer.corpus.CorpusPlanner;
import io.rootstock.tokenizer.corpus.CorpusReports;
import io.rootstock.tokenizer.corpus.CorpusSignal;
import io.rootstock.tokenizer.v1.CancelCorpusRequest;
import io.rootstock.tokenizer.v1.CancelCorpusResponse;
import io.rootstock.tokenizer.v1.Corpus;
import io.rootstock.tokenizer.v1.CorpusEvent;
import io.rootstock.tokenizer.v1.CorpusServiceGrpc;
import io.rootstock.tokenizer.v1.CreateCorpusRequest;
import io.rootstock.tokenizer.v1.CreateCorpusResponse;
import io.rootstock.tokenizer.v1.DeleteCorpusRequest;
import io.rootstock.tokenizer.v1.DeleteCorpusResponse;
import io.rootstock.tokenizer.v1.GetCorpusReportRequest;
import io.rootstock.tokenizer.v1.GetCorpusReportResponse;
import io.rootstock.tokenizer.v1.GetCorpusRequest;
import io.rootstock.tokenizer.v1.GetCorpusResponse;
import io.rootstock.tokenizer.v1.ListCorporaRequest;
import io.rootstock.tokenizer.v1.ListCorporaResponse;
import io.rootstock.tokenizer.v1.ListRecipePresetsRequest;
import io.rootstock.tokenizer.v1.ListRecipePresetsResponse;
import io.rootstock.tokenizer.v1.PlanCorpusRequest;
import io.rootstock.tokenizer.v1.PlanCorpusResponse;
import io.rootstock.tokenizer.v1.RecipePreset;
import io.rootstock.tokenizer.v1.ResumeCorpusRequest;
import io.rootstock.tokenizer.v1.ResumeCorpusResponse;
import io.rootstock.tokenizer.v1.WatchCorpusRequest;
import io.rootstock.tokenizer.v1.WatchCorpusResponse;
import io.smallrye.common.annotation.Blocking;

/** {@code rootstock.tokenizer.v1.CorpusService}. */
@GrpcService
@Blocking
public class CorpusGrpcService extends CorpusServiceGrpc.CorpusServiceImplBase {
    private final Corpora corpora;
    private final CorpusPlanner planner;
    private final CorpusReports reports;
    private final CorpusSignal signal;

    CorpusGrpcService(Corpora corpora, CorpusPlanner planner, CorpusReports reports, CorpusSignal signal) {
        this.corpora = corpora;
        this.planner = planner;
        this.reports = reports;
        this.signal = signal;
    }

    @Override
    public void planCorpus(PlanCorpusRequest request, StreamObserver<PlanCorpusResponse> answers) {
        Answers.send(
                answers,
                PlanCorpusResponse.newBuilder().setPlan(planner.plan(request)).build());
    }

    @Override
    public void listRecipePresets(ListRecipePresetsRequest request, StreamObserver<ListRecipePresetsResponse> answers) {
        ListRecipePresetsResponse.Builder response = ListRecipePresetsResponse.newBuilder();
        for (String name : Presets.names()) {
            response.addPresets(RecipePreset.newBuilder().setName(name).setText(Presets.yaml(name)));
        }
        Answers.send(answers, response.build());
    }

    @Override
    public void createCorpus(CreateCorpusRequest request, StreamObserver<CreateCorpusResponse> answers) {
        Answers.send(
                answers,
                CreateCorpusResponse.newBuilder()
                        .setCorpus(corpora.create(request))
                        .build());
    }

    @Override
    public void getCorpus(GetCorpusRequest request, StreamObserver<GetCorpusResponse> answers) {
        Answers.send(
                answers,
                GetCorpusResponse.newBuilder()
                        .setCorpus(corpora.get(request.getName()))
                        .build());
    }

    @Override
    public void listCorpora(ListCorporaRequest request, StreamObserver<ListCorporaResponse> answers) {
        Page<Corpus> page = Page.of(
                corpora.all(Caller.current().prefixes(Role.ROLE_VIEWER, Corpora.COLLECTION)),
                Corpora.COLLECTION,
                ListQuery.parse(CatalogueFields.CORPORA, request.getFilter(), request.getOrderBy()),
                request.getPageSize(),
                request.getPageToken());
        Answers.send(
                answers,
                ListCorporaResponse.newBuilder()
                        .addAllCorpora(page.resources())
                        .setNextPageToken(page.nextPageToken())
                        .build());
    }

    @Override
    public void watchCorpus(WatchCorpusRequest request, StreamObserver<WatchCorpusResponse> answers) {
        FlowControlledStream.serve(answers, stream -> watch(request, stream));
    }

    @Override
    public void getCorpusReport(GetCorpusReportRequest request, StreamObserver<GetCorpusReportResponse> answers) {
        Answers.send(
                answers,
                GetCorpusReportResponse.newBuilder()
                        .setReport(reports.read(corpora.get(request.getName())))
                        .build());
    }

    @Override
    public void cancelCorpus(CancelCorpusRequest request, StreamObserver<CancelCorpusResponse> answers) {
        Answers.send(
                answers,
                CancelCorpusResponse.newBuilder()
                        .setCorpus(corpora.cancel(request))
                        .build());
    }

    @Override
    public void resumeCorpus(ResumeCorpusRequest request, StreamObserver<ResumeCorpusResponse> answers) {
        Answers.send(
                answers,
                ResumeCorpusResponse.newBuilder()
                        .setCorpus(corpora.resume(request))
                        .build());
    }

    @Override
    public void deleteCorpus(DeleteCorpusRequest request, StreamObserver<DeleteCorpusResponse> answers) {
        corpora.delete(request);
        Answers.send(answers, DeleteCorpusResponse.getDefaultInstance());
    }

    private void watch(WatchCorpusRequest request, FlowControlledStream<WatchCorpusResponse> stream)
            throws InterruptedException {
        if (request.getAfterSequence() < 0) {
            throw Errors.invalidArgument("after_sequence", "must be at least 0, was " + request.getAfterSequence());
        }
        CorpusFeed feed = corpora.feed(request.getName(), request.getAfterSequence());
        while (!stream.isCancelled()) {
            long seen = signal.count();
            CorpusFeed.Batch batch = feed.next();
            for (CorpusEvent event : batch.events()) {
                stream.send(WatchCorpusResponse.newBuilder().setEvent(event).build());
            }
            if (batch.over() || (request.getReplayOnly() && batch.events().isEmpty())) {
                return;
            }
            if (batch.events().isEmpty()) {
                signal.await(seen);
            }
        }
    }
}
